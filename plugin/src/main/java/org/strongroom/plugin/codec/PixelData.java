package org.strongroom.plugin.codec;

import java.util.Objects;
import org.strongroom.core.format.v1.ImageLayout;

/**
 * Where native pixels lie in an attachment. Immutable.
 *
 * @param offset of the first sample, in bytes from the start of the attachment
 * @param length of all frames, in bytes
 * @param frameBytes of one frame: a whole number of rows (of all planes, where colour is planar)
 * @param layout of a row
 */
public record PixelData(long offset, long length, long frameBytes, ImageLayout layout) {
    public PixelData {
        Objects.requireNonNull(layout, "layout");
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException(length + " bytes of pixels at " + offset);
        }
        if (frameBytes < 1 || frameBytes % layout.rowBytes() != 0) {
            throw new IllegalArgumentException("frame of " + frameBytes + " bytes in rows of " + layout.rowBytes());
        }
    }

    /** What of this lies before {@code size}: files are cut short in the wild. */
    public PixelData within(long size) {
        long start = Math.min(offset, size);
        return new PixelData(start, Math.min(length, size - start), frameBytes, layout);
    }

    /** Bytes of all full rows. */
    public long rowsLength() {
        return length - length % layout.rowBytes();
    }
}
