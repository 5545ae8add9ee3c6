package org.strongroom.core.format.v1;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * How far the journal goes (format.md §6). Signed, so that nobody can pass off an older journal as the newest. Immutable.
 *
 * @param sequence of the last entry; 0 if there is none yet
 * @param time milliseconds since 1970-01-01 UTC, when this head was made
 * @param chain of the last entry
 */
public record JournalHead(long sequence, long time, Sha256 chain) {
    /** Bytes with the signature. */
    public static final int SIZE = 4 + 8 + 8 + Sha256.SIZE + 64;

    private static final int SIGNED = SIZE - 64;
    private static final int MAGIC = 0x53545248; // "STRH"
    /** What stands before a raw Ed25519 public key in its X.509 encoding (RFC 8410 §4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    public JournalHead {
        Objects.requireNonNull(chain, "chain");
        if (sequence < 0 || time < 0) {
            throw new IllegalArgumentException("sequence " + sequence + ", time " + time);
        }
    }

    /** The bytes that are signed. */
    public byte[] signedBytes() {
        return ByteBuffer.allocate(SIGNED)
                .putInt(MAGIC)
                .putLong(sequence)
                .putLong(time)
                .put(chain.toBytes())
                .array();
    }

    /** The whole head. */
    public byte[] encode(byte[] signature) {
        if (signature.length != SIZE - SIGNED) {
            throw new IllegalArgumentException("signature of " + signature.length + " bytes");
        }
        return ByteBuffer.allocate(SIZE).put(signedBytes()).put(signature).array();
    }

    /**
     * Reads a head and checks its signature.
     *
     * @param publicKey raw Ed25519 key, from {@code installation.json}
     * @throws StrongroomException CORRUPT if it is not a head that the key's owner signed
     */
    public static JournalHead decode(byte[] bytes, byte[] publicKey) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != SIZE || in.getInt() != MAGIC) {
            throw corrupt();
        }
        if (!isSigned(bytes, publicKey)) {
            throw corrupt();
        }
        return rest(in);
    }

    /**
     * Reads a head without asking who signed it: enough where a forged one only keeps something from being done.
     *
     * @throws StrongroomException CORRUPT if these bytes are no head
     */
    public static JournalHead decodeUnproven(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != SIZE || in.getInt() != MAGIC) {
            throw corrupt();
        }
        return rest(in);
    }

    private static JournalHead rest(ByteBuffer in) {
        byte[] chain = new byte[Sha256.SIZE];
        long sequence = in.getLong();
        long time = in.getLong();
        in.get(chain);
        try {
            return new JournalHead(sequence, time, new Sha256(chain));
        } catch (IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static boolean isSigned(byte[] bytes, byte[] publicKey) {
        try {
            byte[] encoded = ByteBuffer.allocate(ED25519_PREFIX.length + publicKey.length)
                    .put(ED25519_PREFIX)
                    .put(publicKey)
                    .array();
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(bytes, 0, SIGNED);
            return signature.verify(Arrays.copyOfRange(bytes, SIGNED, SIZE));
        } catch (GeneralSecurityException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not a journal head signed by this installation");
    }
}
