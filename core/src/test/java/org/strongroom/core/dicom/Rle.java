package org.strongroom.core.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** RLE Lossless (PS3.5 annex G) of little-endian samples, so that tests have a real encapsulated syntax. */
final class Rle {
    private Rle() {}

    /** One frame; {@code samples} lie side by side. */
    static byte[] encode(byte[] frame, int wordBytes, int samples, int rowPixels) {
        List<byte[]> segments = new ArrayList<>();
        for (int sample = 0; sample < samples; sample++) {
            for (int plane = wordBytes - 1; plane >= 0; plane--) {
                segments.add(segment(frame, sample * wordBytes + plane, wordBytes * samples, rowPixels));
            }
        }
        ByteBuffer header =
                ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(segments.size());
        int offset = 64;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] segment : segments) {
            header.putInt(offset);
            offset += segment.length;
        }
        out.writeBytes(header.array());
        segments.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static byte[] segment(byte[] frame, int start, int step, int rowPixels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int pixels = frame.length / step;
        for (int row = 0; row < pixels; row += rowPixels) {
            byte[] line = new byte[rowPixels];
            for (int i = 0; i < rowPixels; i++) {
                line[i] = frame[start + (row + i) * step];
            }
            packBits(line, out);
        }
        if (out.size() % 2 == 1) {
            out.write(0);
        }
        return out.toByteArray();
    }

    private static void packBits(byte[] line, ByteArrayOutputStream out) {
        int at = 0;
        while (at < line.length) {
            int run = run(line, at);
            if (run > 1) {
                out.write(257 - run);
                out.write(line[at]);
                at += run;
            } else {
                int end = at + 1;
                while (end < line.length && end - at < 128 && run(line, end) < 3) {
                    end++;
                }
                out.write(end - at - 1);
                out.write(line, at, end - at);
                at = end;
            }
        }
    }

    private static int run(byte[] line, int start) {
        int end = start + 1;
        while (end < line.length && end - start < 128 && line[end] == line[start]) {
            end++;
        }
        return end - start;
    }
}
