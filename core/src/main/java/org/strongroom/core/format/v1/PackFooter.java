package org.strongroom.core.format.v1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * The last bytes of a pack: where its index is, and what it must be (format.md §4). Immutable.
 *
 * @param digest SHA-256 of prologue and index
 * @param packLength bytes of the whole pack, this footer included
 */
public record PackFooter(long indexOffset, long indexLength, Sha256 digest, long packLength) {
    /** Bytes of {@link #encode}. */
    public static final int SIZE = 64;

    private static final int VERSION = 1;
    private static final int MAGIC = 0x53545245; // "STRE"

    public PackFooter {
        Objects.requireNonNull(digest, "digest");
        if (indexOffset < PackPrologue.SIZE
                || indexLength < 8
                || indexLength > PackIndex.MAX_SIZE
                || packLength != indexOffset + indexLength + SIZE) {
            throw new IllegalArgumentException(
                    "index of " + indexLength + " bytes at " + indexOffset + " of " + packLength);
        }
    }

    /** The bytes of format.md §4. */
    public byte[] encode() {
        return ByteBuffer.allocate(SIZE)
                .putLong(indexOffset)
                .putLong(indexLength)
                .put(digest.toBytes())
                .putLong(packLength)
                .putInt(VERSION)
                .putInt(MAGIC)
                .array();
    }

    /**
     * Reads a footer; only what {@link #encode} writes is accepted.
     *
     * @throws StrongroomException CORRUPT if these are not exactly the bytes of one
     */
    public static PackFooter decode(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw corrupt().with("length", bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            long indexOffset = in.getLong();
            long indexLength = in.getLong();
            byte[] digest = new byte[Sha256.SIZE];
            in.get(digest);
            PackFooter footer = new PackFooter(indexOffset, indexLength, new Sha256(digest), in.getLong());
            if (!Arrays.equals(footer.encode(), bytes)) {
                throw corrupt();
            }
            return footer;
        } catch (IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not the footer of a version 1 pack");
    }
}
