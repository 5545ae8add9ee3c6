package org.strongroom.core.format.v1;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;

/** What HKDF-Expand gives for one message (format.md §2). Immutable. */
final class MessageKeys {
    private static final byte[] LABEL = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".getBytes(Cobblestone.ASCII);
    private static final int NONCE_SIZE = 12;

    private final byte[] key;
    private final byte[] baseNonce;
    private final byte[] commitment;

    private MessageKeys(byte[] material) {
        key = Arrays.copyOf(material, 32);
        baseNonce = Arrays.copyOfRange(material, 32, 32 + NONCE_SIZE);
        commitment = Arrays.copyOfRange(material, 32 + NONCE_SIZE, 32 + NONCE_SIZE + Cobblestone.COMMITMENT_SIZE);
    }

    /** HKDF-Expand (RFC 5869) to 76 bytes: two blocks of SHA-512. */
    static MessageKeys derive(Key32 inputKey, byte[] salt, byte[] context) {
        byte[] input = inputKey.toBytes();
        byte[] material = new byte[2 * 64];
        try {
            Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(input, "HmacSHA512"));
            for (int block = 0; block < 2; block++) {
                if (block > 0) {
                    mac.update(material, 0, 64);
                }
                mac.update(LABEL);
                mac.update(salt);
                mac.update(context);
                mac.update((byte) (block + 1));
                mac.doFinal(material, block * 64);
            }
            return new MessageKeys(material);
        } catch (GeneralSecurityException e) {
            throw StrongroomException.of(FailureKind.BUG, "this Java cannot derive message keys")
                    .causedBy(e);
        } finally {
            Arrays.fill(input, (byte) 0);
            Arrays.fill(material, (byte) 0);
        }
    }

    /** Of AES-256. Nobody may change it. */
    byte[] key() {
        return key;
    }

    byte[] commitment() {
        return commitment.clone();
    }

    /** Compares in constant time. */
    boolean commitsTo(byte[] found) {
        return MessageDigest.isEqual(commitment, found);
    }

    /** base_nonce XOR chunk number, in the last 8 bytes. */
    byte[] nonce(long chunk) {
        byte[] nonce = baseNonce.clone();
        for (int i = 0; i < 8; i++) {
            nonce[NONCE_SIZE - 1 - i] ^= (byte) (chunk >>> (8 * i));
        }
        return nonce;
    }
}
