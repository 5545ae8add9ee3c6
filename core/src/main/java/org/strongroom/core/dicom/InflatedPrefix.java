package org.strongroom.core.dicom;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.strongroom.core.io.ByteSource;

/** The first inflated bytes of a compressed stream, in bounded memory. */
final class InflatedPrefix {
    private static final int STEP = 16 * 1024;

    private InflatedPrefix() {}

    /**
     * At most {@code maxBytes} inflated bytes of the stream at {@code start}; fewer if it ends or turns out to be broken.
     *
     * @param raw no zlib header (PS3.5 §A.5)
     * @throws IOException only if {@code source} cannot be read
     */
    static byte[] of(ByteSource source, long start, boolean raw, int maxBytes) throws IOException {
        Inflater inflater = new Inflater(raw);
        byte[] inflated = new byte[Math.min(STEP, maxBytes)];
        int size = 0;
        try {
            byte[] input = new byte[STEP];
            long position = start;
            while (size < maxBytes && !inflater.finished() && !inflater.needsDictionary()) {
                if (inflater.needsInput()) {
                    int count = (int) Math.min(STEP, source.size() - position);
                    if (count <= 0) {
                        break;
                    }
                    source.read(position, input, 0, count);
                    position += count;
                    inflater.setInput(input, 0, count);
                }
                if (size == inflated.length) {
                    inflated = Arrays.copyOf(inflated, (int) Math.min(maxBytes, 2L * size));
                }
                size += inflater.inflate(inflated, size, Math.min(STEP, inflated.length - size));
            }
        } catch (DataFormatException e) {
            // What came out before the damage is worth as much as a truncated file.
            return Arrays.copyOf(inflated, size);
        } finally {
            inflater.end();
        }
        return size == inflated.length ? inflated : Arrays.copyOf(inflated, size);
    }
}
