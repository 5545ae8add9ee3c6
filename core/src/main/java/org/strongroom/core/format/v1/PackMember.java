package org.strongroom.core.format.v1;

import java.util.Objects;

/**
 * Where one sealed file is in a pack (format.md §4). Offsets count from the start of the pack. Immutable.
 *
 * @param bodyDigest SHA-256 of the body piece
 * @param headDigest SHA-256 of the head piece
 */
public record PackMember(
        SealedHeader header,
        long bodyOffset,
        long bodyLength,
        long headOffset,
        int headLength,
        Sha256 bodyDigest,
        Sha256 headDigest) {

    public PackMember {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(bodyDigest, "bodyDigest");
        Objects.requireNonNull(headDigest, "headDigest");
        if (headLength != header.headPieceSize()) {
            throw new IllegalArgumentException("head piece of " + headLength + " bytes");
        }
        if (bodyLength < Cobblestone.PREFIX || bodyOffset < PackPrologue.SIZE || headOffset < PackPrologue.SIZE) {
            throw new IllegalArgumentException(
                    "body of " + bodyLength + " bytes at " + bodyOffset + ", head at " + headOffset);
        }
    }

    /** Bytes of the sealed file. */
    public long size() {
        return headLength + bodyLength;
    }

    /** Bytes of this member in the index. */
    int indexSize() {
        return 2 + header.size() + 8 + 8 + 8 + 4 + 2 * Sha256.SIZE;
    }
}
