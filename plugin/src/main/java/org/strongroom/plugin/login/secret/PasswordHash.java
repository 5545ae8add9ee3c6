package org.strongroom.plugin.login.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.argon2.Argon2id;

/**
 * A password that cannot be read any more: Argon2id (RFC 9106, version 0x13) in the PHC string form
 * {@code $argon2id$v=19$m=…,t=…,p=…$salt$hash}. Passwords are compared in Unicode's form NFC, so that every keyboard types
 * the same one. Immutable.
 */
public final class PasswordHash {
    private static final Pattern FORM = Pattern.compile("\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9])"
            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
    private static final int SALT = 16;
    private static final int HASH = 32;
    /** What OWASP recommends as the least: this machine's memory is shared with the images. */
    private static final int MEMORY_KIB = 19 * 1024;

    private static final int PASSES = 2;
    /** A hash in the settings must not cost the server its memory. */
    private static final int MOST_MEMORY_KIB = 64 * 1024;

    private static final int MOST_PASSES = 10;
    private static final int MOST_LANES = 4;

    private final int memoryKib;
    private final int passes;
    private final int lanes;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int memoryKib, int passes, int lanes, byte[] salt, byte[] hash) {
        this.memoryKib = memoryKib;
        this.passes = passes;
        this.lanes = lanes;
        this.salt = salt;
        this.hash = hash;
    }

    /** A new hash, with a salt of its own; takes 19 MiB and some tens of milliseconds. */
    public static PasswordHash of(Secret password, SecureRandom random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        return of(password, salt);
    }

    /**
     * The hash of a password that the settings give in clear. It is never written down, so its salt need not be secret: it is
     * the same at every start, and with it {@link #stamp}, which tells whether the password was changed meanwhile.
     */
    public static PasswordHash ofSetting(String user, Secret password) {
        byte[] name = ("strongroom user\0" + user).getBytes(StandardCharsets.UTF_8);
        return of(password, Arrays.copyOf(Sha256.of(name).toBytes(), SALT));
    }

    private static PasswordHash of(Secret password, byte[] salt) {
        byte[] hash = argon2(password, MEMORY_KIB, PASSES, 1, salt, HASH);
        return new PasswordHash(MEMORY_KIB, PASSES, 1, salt, hash);
    }

    /**
     * Reads the string form.
     *
     * @throws IllegalArgumentException without the text, if it is not one, or takes more than 64 MiB, 10 passes or 4 lanes
     */
    public static PasswordHash parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not an Argon2id hash: make one with \"strongroom user hash\"");
        }
        int memoryKib = Integer.parseInt(parts.group(1));
        int passes = Integer.parseInt(parts.group(2));
        int lanes = Integer.parseInt(parts.group(3));
        boolean possible = lanes >= 1 && passes >= 1 && memoryKib >= 8 * lanes;
        if (!possible || memoryKib > MOST_MEMORY_KIB || passes > MOST_PASSES || lanes > MOST_LANES) {
            throw new IllegalArgumentException(
                    "an Argon2id hash of a cost that is not accepted: make one with \"strongroom user hash\"");
        }
        Base64.Decoder decoder = Base64.getDecoder();
        return new PasswordHash(
                memoryKib, passes, lanes, decoder.decode(parts.group(4)), decoder.decode(parts.group(5)));
    }

    /** Whether it is the hash of this password; takes the same time whatever the answer is. */
    public boolean matches(Secret password) {
        return MessageDigest.isEqual(hash, argon2(password, memoryKib, passes, lanes, salt, hash.length));
    }

    /** Another one after every change of the password. Says nothing about it that this hash does not say. */
    public String stamp() {
        return Sha256.of(toString().getBytes(StandardCharsets.US_ASCII)).toString();
    }

    private static byte[] argon2(Secret password, int memoryKib, int passes, int lanes, byte[] salt, int length) {
        byte[] typed =
                Normalizer.normalize(password.reveal(), Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
        try {
            return new Argon2id(memoryKib, passes, lanes).hash(typed, salt, length);
        } finally {
            Arrays.fill(typed, (byte) 0);
        }
    }

    /** The string form. */
    @Override
    public String toString() {
        Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memoryKib + ",t=" + passes + ",p=" + lanes + "$" + encoder.encodeToString(salt)
                + "$" + encoder.encodeToString(hash);
    }
}
