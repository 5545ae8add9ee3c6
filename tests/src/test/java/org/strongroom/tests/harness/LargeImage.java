package org.strongroom.tests.harness;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.strongroom.core.dicom.SyntheticDicom;

/** One monochrome frame of 16 bits that may be larger than memory: written row by row. */
public final class LargeImage {
    private static final int COLUMNS = 16_384;
    private static final int ROWS_TAG = 0x00280010;
    private static final int COLUMNS_TAG = 0x00280011;
    /** PixelData of four samples: tag, OW, two zeros, length, value. */
    private static final int SMALL_PIXELS = 12 + 8;

    private LargeImage() {}

    /** Writes an image of at least so many MiB, with a smooth picture and noise in it. */
    public static void write(Path file, int mebibytes) {
        int rows = Math.toIntExact(((long) mebibytes << 20) / (2 * COLUMNS)) + 1;
        ByteBuffer small = ByteBuffer.wrap(
                        SyntheticDicom.mr().instance(mebibytes).size(2, 2).toBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        small.putShort(valueOf(small, ROWS_TAG), (short) rows);
        small.putShort(valueOf(small, COLUMNS_TAG), (short) COLUMNS);
        small.putInt(small.capacity() - SMALL_PIXELS + 8, (int) (2L * rows * COLUMNS)); // unsigned: up to 4 GiB
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write(small.array(), 0, small.capacity() - 8);
            SplittableRandom noise = new SplittableRandom(rows);
            ByteBuffer row = ByteBuffer.allocate(2 * COLUMNS).order(ByteOrder.LITTLE_ENDIAN);
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < COLUMNS; x++) {
                    row.putShort(2 * x, (short) (((x + y) >> 4 & 0x7FF) + noise.nextInt(16)));
                }
                out.write(row.array());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the value of a US element of an explicit little-endian file starts. */
    private static int valueOf(ByteBuffer file, int tag) {
        for (int at = 132; at < file.capacity() - 8; at += 2) {
            if (file.getShort(at) == (short) (tag >>> 16)
                    && file.getShort(at + 2) == (short) tag
                    && file.getShort(at + 4) == ('U' | 'S' << 8)) {
                return at + 8;
            }
        }
        throw new AssertionError("no element " + Integer.toHexString(tag));
    }
}
