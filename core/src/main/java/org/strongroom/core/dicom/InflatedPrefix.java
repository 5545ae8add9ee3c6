package org.strongroom.core.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
        ByteArrayOutputStream inflated = new ByteArrayOutputStream();
        try {
            byte[] input = new byte[STEP];
            byte[] output = new byte[STEP];
            long position = start;
            while (inflated.size() < maxBytes && !inflater.finished() && !inflater.needsDictionary()) {
                if (inflater.needsInput()) {
                    int count = (int) Math.min(STEP, source.size() - position);
                    if (count <= 0) {
                        break;
                    }
                    source.read(position, input, 0, count);
                    position += count;
                    inflater.setInput(input, 0, count);
                }
                int count = inflater.inflate(output, 0, Math.min(STEP, maxBytes - inflated.size()));
                inflated.write(output, 0, count);
            }
            return inflated.toByteArray();
        } catch (DataFormatException e) {
            return inflated.toByteArray(); // what came out before the damage is worth as much as a truncated file
        } finally {
            inflater.end();
        }
    }
}
