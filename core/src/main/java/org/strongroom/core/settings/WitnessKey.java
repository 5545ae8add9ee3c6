package org.strongroom.core.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The verifier key of a witness: {@code NAME+ID+KEY}, one line, as C2SP signed notes write it; of the type for cosignatures (4, Ed25519).
 * Immutable.
 */
public record WitnessKey(String text) {
    static final String PATTERN = "^[^+\\s]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]+={0,2}$";
    static final String EXAMPLE = "witness.example/w1+1453f628+BCaOqP2bc+HHTO8OnM9ufMPGANssqR9mpY9i8Crp363B";

    private static final byte COSIGNATURE = 4;
    private static final int SIZE = 33;
    private static final int ID = 4;

    public WitnessKey {
        String[] parts = text.split("\\+", 3);
        if (!text.matches(PATTERN)) {
            throw new IllegalArgumentException("write the line of the witness's key.pub: NAME+ID+KEY");
        }
        byte[] key = Base64.getDecoder().decode(parts[2]);
        if (key.length != SIZE || key[0] != COSIGNATURE) {
            throw new IllegalArgumentException(
                    "not the key of a witness: those have the type 4 (cosignature/v1, Ed25519), a log's key.pub has 1");
        } else if (!parts[1].equals(id(parts[0], key))) {
            throw new IllegalArgumentException("name, id and key do not belong together: copy the whole line");
        }
    }

    /** @throws IllegalArgumentException with how to write it */
    public static WitnessKey parse(String text) {
        return new WitnessKey(text.strip());
    }

    private static String id(String name, byte[] key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(key), ID));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
