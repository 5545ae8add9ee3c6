package org.strongroom.core.format.v1;

import java.nio.ByteBuffer;

/**
 * What the image codec must know of native pixels (format.md §3.4). Immutable.
 *
 * @param wordBytes bytes per sample: 1, 2 or 4 (BitsAllocated 8, 16, 32)
 * @param signed PixelRepresentation 1
 * @param bigEndian byte order of the transfer syntax
 * @param samples samples per pixel that lie side by side: SamplesPerPixel, or 1 if planar
 * @param columns pixels per row, 1 to 65535
 */
public record ImageLayout(int wordBytes, boolean signed, boolean bigEndian, int samples, int columns) {
    /** Bytes in the header. */
    public static final int SIZE = 8;

    public ImageLayout {
        if (wordBytes != 1 && wordBytes != 2 && wordBytes != 4) {
            throw new IllegalArgumentException("word of " + wordBytes + " bytes");
        }
        if (samples < 1 || samples > 4) {
            throw new IllegalArgumentException(samples + " samples per pixel");
        }
        if (columns < 1 || columns > 65535) {
            throw new IllegalArgumentException(columns + " columns");
        }
    }

    /** Bytes of one row of pixels. */
    public int rowBytes() {
        return wordBytes * samples * columns;
    }

    void put(ByteBuffer out) {
        int flags = (signed ? 1 : 0) | (bigEndian ? 2 : 0);
        out.put((byte) wordBytes).put((byte) flags).putShort((short) samples).putInt(columns);
    }

    static ImageLayout get(ByteBuffer in) {
        int wordBytes = in.get();
        int flags = in.get();
        if ((flags & ~3) != 0) {
            throw new IllegalArgumentException("image flags " + flags);
        }
        return new ImageLayout(wordBytes, (flags & 1) != 0, (flags & 2) != 0, in.getShort(), in.getInt());
    }
}
