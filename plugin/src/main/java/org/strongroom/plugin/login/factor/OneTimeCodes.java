package org.strongroom.plugin.login.factor;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;
import org.strongroom.plugin.login.request.Forms;

/** Codes of six digits that an app shows (TOTP, RFC 6238: SHA-1, 30 s, as every app can). Thread-safe. */
public final class OneTimeCodes {
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final int SECRET_BYTES = 20;
    /** Phones go wrong by some seconds, and people need some to type. */
    private static final int TOLERANCE = 1;

    private static final TimeBasedOneTimePasswordGenerator GENERATOR = new TimeBasedOneTimePasswordGenerator(STEP);

    private OneTimeCodes() {}

    /** A secret to share with an app, in base32. */
    public static String newSecret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base32.encode(bytes);
    }

    /** The time step of which this is the code; empty if it is of none near {@code now}, or of none after {@code lastStep}. */
    public static OptionalLong match(AccountRecord.Factor factor, String typed, Instant now) {
        String code = typed.replace(" ", "");
        byte[] given = code.getBytes(StandardCharsets.UTF_8);
        long step = Math.floorDiv(now.getEpochSecond(), STEP.toSeconds());
        OptionalLong found = OptionalLong.empty();
        for (long each = step - TOLERANCE; each <= step + TOLERANCE; each++) {
            byte[] right = code(factor.secret(), each).getBytes(StandardCharsets.UTF_8);
            if (MessageDigest.isEqual(right, given) && each > factor.lastStep()) {
                found = OptionalLong.of(each);
            }
        }
        return found;
    }

    public static String code(String secret, long step) {
        try {
            return GENERATOR.generateOneTimePasswordString(
                    new SecretKeySpec(Base32.decode(secret), GENERATOR.getAlgorithm()),
                    Instant.ofEpochSecond(step * STEP.toSeconds()));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("HMAC takes every key", e);
        }
    }

    /** What an app reads from the picture. */
    public static String address(String issuer, String user, String secret) {
        return "otpauth://totp/" + Forms.encode(issuer) + ":" + Forms.encode(user) + "?secret=" + secret + "&issuer="
                + Forms.encode(issuer) + "&algorithm=SHA1&digits=6&period=" + STEP.toSeconds();
    }
}
