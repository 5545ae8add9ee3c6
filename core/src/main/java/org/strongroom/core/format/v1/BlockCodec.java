package org.strongroom.core.format.v1;

/** How one block of a body is encoded (format.md §3.3). */
public enum BlockCodec {
    /** The plain bytes. */
    STORE(0),
    /** One zstd frame. */
    ZSTD(1),
    /** One zstd frame of predicted, byte-split samples. */
    IMAGE(2),
    /** One zstd frame of byte-split samples. */
    SHUFFLE(3),
    /** Zstd frames of predicted, byte-split samples, those with the like around them together. */
    SORTED(4);

    private final int code;

    BlockCodec(int code) {
        this.code = code;
    }

    /** The byte in the table. */
    int code() {
        return code;
    }

    /** Whether the image layout of the header is needed to decode it. */
    public boolean needsLayout() {
        return this == IMAGE || this == SHUFFLE || this == SORTED;
    }

    static BlockCodec of(int code) {
        for (BlockCodec codec : values()) {
            if (codec.code == code) {
                return codec;
            }
        }
        throw new IllegalArgumentException("block codec " + code);
    }
}
