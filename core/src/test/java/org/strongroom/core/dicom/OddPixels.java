package org.strongroom.core.dicom;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.strongroom.core.dicom.DicomWriter.Lengths;

/** The image of an {@link OddDicom}: what is said of its pixels, and pixels that are like that, or are not. */
final class OddPixels {
    private static final int LARGEST = 3 << 20;
    private static final int USUAL = 200_000;

    private final Random random;
    private final String syntax;
    private final Encoding encoding;
    private final int bits;
    private final int samples;
    private final int frames;
    private final int rows;
    private final int columns;

    OddPixels(Random random, String syntax, Encoding encoding) {
        this.random = random;
        this.syntax = syntax;
        this.encoding = encoding;
        this.bits = one(1, 8, 8, 12, 16, 16, 16, 24, 32, 32, 40, 64);
        this.samples = one(1, 1, 1, 2, 3, 3, 4, 5);
        int most = (random.nextInt(25) == 0 ? LARGEST : USUAL) * 8 / bits / samples;
        this.columns = Math.min(most, one(1, 3, 17, 64, 100, 255, 256, 512, 1023, 65_535));
        this.rows = Math.max(1, Math.min(most / columns, one(1, 2, 3, 33, 128, 512, 2000)));
        this.frames = Math.max(1, Math.min(most / columns / rows, one(1, 1, 1, 2, 7, 40)));
    }

    void write(DicomWriter out) {
        out.us(Tag.SamplesPerPixel, told(samples));
        if (samples > 1 || rarely()) {
            out.us(Tag.PlanarConfiguration, one(0, 0, 1, 1, 2));
        }
        if (frames > 1 || rarely()) {
            String wrong = text("0", "-3", "x", "2\\3", "");
            out.text(Tag.NumberOfFrames, "IS", rarely() ? wrong : frames + text("", " ", "."));
        }
        out.us(Tag.Rows, told(rows)).us(Tag.Columns, told(columns)).us(Tag.BitsAllocated, told(bits));
        out.us(0x00280101, one(1, bits, Math.max(1, bits - 4))).us(0x00280102, one(0, bits - 1, 15));
        if (!rarely()) {
            out.us(Tag.PixelRepresentation, one(0, 0, 1, 1, 2));
        }
        if (rarely()) { // a palette
            out.element(0x00281201, "OW", noise(512)).element(0x00281202, "OW", noise(512));
        }
        if (rarely()) {
            icon(out);
        }
        if (rarely()) {
            out.us(0x60000010, rows).us(0x60000011, columns).element(0x60003000, "OW", noise(rows * columns / 16 * 2));
        }
        for (int i = rarely() ? 2 : random.nextInt(15) == 0 ? 0 : 1; i > 0; i--) {
            value(out);
        }
    }

    /** With pixels of its own, before those of the image. */
    private void icon(DicomWriter out) {
        DicomWriter item = new DicomWriter(encoding)
                .us(Tag.SamplesPerPixel, 1)
                .us(Tag.Rows, 64)
                .us(Tag.Columns, 64)
                .us(Tag.BitsAllocated, 8);
        out.sequence(
                0x00880200,
                one(0, 1) == 0 ? Lengths.EXPLICIT : Lengths.UNDEFINED,
                List.of(item.element(Tag.PixelData, "OB", noise(4096))));
    }

    private void value(DicomWriter out) {
        int other = one(Tag.FloatPixelData, Tag.DoubleFloatPixelData, 0x7FE11010);
        int tag = rarely() ? other : Tag.PixelData;
        boolean isNative = UID.isNative(syntax) || syntax.equals(UID.PrivateGEImplicitVRBigEndianPixels);
        if (isNative == rarely()) {
            fragments(out);
            return;
        }
        long right = ((long) bits * samples * frames * rows * columns + 7) / 8;
        byte[] content = content((int) right);
        byte[] value =
                switch (random.nextInt(10)) {
                    case 0 -> Arrays.copyOf(content, random.nextInt(content.length + 1));
                    case 1 -> Arrays.copyOf(content, content.length + random.nextInt(3000));
                    case 2 -> content;
                    default -> Arrays.copyOf(content, content.length + content.length % 2);
                };
        long length = rarely() ? one(0, 1, -2, Integer.MAX_VALUE, value.length + 100) & 0xFFFFFFFFL : value.length;
        out.header(tag, text("OW", "OB", "OF", "OD", "UN", "US"), length).raw(value);
    }

    /** With an offset table that is empty, right, or wrong; or with an extended one before it. */
    private void fragments(DicomWriter out) {
        if (rarely()) {
            out.element(0x7FE00001, "OV", noise(8 * frames)).element(0x7FE00002, "OV", noise(8 * frames));
        }
        out.header(Tag.PixelData, text("OB", "OW", "UN"), 0xFFFFFFFFL)
                .item(Lengths.EXPLICIT, noise(4 * one(0, 0, frames)));
        for (int i = 0; i < frames; i++) {
            byte[] fragment = noise(random.nextInt(USUAL / frames));
            out.item(Lengths.EXPLICIT, rarely() ? fragment : Arrays.copyOf(fragment, fragment.length / 2 * 2));
        }
        if (!rarely()) {
            out.tag(Tag.SequenceDelimitationItem).u32(0);
        }
    }

    /** As smooth as images are, or noise, or nothing, or the edges of what fits. */
    private byte[] content(int length) {
        byte[] bytes = noise(length);
        int word = Math.max(1, bits / 8);
        int kind = random.nextInt(5);
        for (int i = 0; i < length; i++) {
            boolean isLow = (encoding.big ? word - 1 - i % word : i % word) == 0;
            switch (kind) {
                case 0 -> {}
                case 1 -> bytes[i] = (byte) (isLow ? (bytes[i] & 7) + i / word / 64 * 8 : i / word / 2048);
                case 2 -> bytes[i] = 0;
                case 3 -> bytes[i] = (byte) -(i / word % 2);
                default -> bytes[i] = (byte) (isLow ? bytes[i] : 0x80);
            }
        }
        return bytes;
    }

    /** What stands in the file of a number. */
    private int told(int right) {
        return random.nextInt(40) == 0 ? one(0, right + 1, right - 1, 0xFFFF) : right;
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private boolean rarely() {
        return random.nextInt(12) == 0;
    }

    private int one(int... of) {
        return of[random.nextInt(of.length)];
    }

    private String text(String... of) {
        return of[random.nextInt(of.length)];
    }
}
