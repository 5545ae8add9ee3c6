package org.strongroom.tests.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.strongroom.core.dicom.SyntheticDicom;

/** Multi-frame MR instances of 128 by 128, which may be larger than memory: a few frames, again and again. */
final class Loop {
    /** Bytes of one frame. */
    static final int FRAME = 128 * 128 * 2;

    private static final int DRAWN = 16;

    private Loop() {}

    /**
     * Writes one.
     *
     * @param frames a multiple of 16
     * @param number makes its ids; every one is a study of its own
     */
    static void write(Path file, int frames, int number) throws IOException {
        String uid = "2.25.83" + String.format("%06d%04d", frames, number);
        byte[] pixels = SyntheticDicom.enhancedMr(DRAWN).size(128, 128).pixels();
        byte[] small = SyntheticDicom.enhancedMr(frames)
                .size(128, 128)
                .patient("BENCH-2")
                .study(uid)
                .series(uid + ".1")
                .pixels(pixels)
                .toBytes();
        int head = small.length - pixels.length;
        // The length of PixelData stands before its value.
        ByteBuffer.wrap(small).order(ByteOrder.LITTLE_ENDIAN).putInt(head - Integer.BYTES, frames * FRAME);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write(small, 0, head);
            for (int written = 0; written < frames; written += DRAWN) {
                out.write(pixels);
            }
        }
    }
}
