package org.strongroom.core.format.v1;

/** How the head of a sealed file is encoded before sealing (format.md §3.1). */
public enum HeadCodec {
    STORE(0),
    ZSTD(1);

    private final int code;

    HeadCodec(int code) {
        this.code = code;
    }

    /** The byte in the header. */
    int code() {
        return code;
    }

    static HeadCodec of(int code) {
        for (HeadCodec codec : values()) {
            if (codec.code == code) {
                return codec;
            }
        }
        throw new IllegalArgumentException("head codec " + code);
    }
}
