package org.strongroom.plugin.login.secret;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.secret.HmacSha256;

/** Random names that are secrets: 256 bits, 43 characters of base64url. What is kept of one is its SHA-256. */
public final class Tokens {
    private static final int BYTES = 32;
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private Tokens() {}

    public static String random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return TEXT.encodeToString(bytes);
    }

    /** What may be kept: nobody guesses 256 bits, so there is nothing to slow down. */
    public static String hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Another secret, that is known from this one and says nothing about it. */
    public static String derived(String token, String purpose) {
        return TEXT.encodeToString(
                HmacSha256.of(token.getBytes(StandardCharsets.UTF_8), purpose.getBytes(StandardCharsets.US_ASCII)));
    }
}
