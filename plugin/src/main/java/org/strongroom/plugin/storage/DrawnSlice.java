package org.strongroom.plugin.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A CT slice as a DICOM file, of nobody: what {@link WarmUp} works on. */
final class DrawnSlice {
    private static final int PREAMBLE = 128;
    private static final short SIDE = 512;
    private static final int PIXELS = 2 * SIDE * SIDE;

    private DrawnSlice() {}

    static byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(PIXELS + (1 << 12)).order(ByteOrder.LITTLE_ENDIAN);
        out.position(PREAMBLE).put("DICM".getBytes(StandardCharsets.US_ASCII));
        text(out, 0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1\0");
        text(out, 0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2\0");
        text(out, 0x0008, 0x0018, "UI", "2.25.1\0\0");
        text(out, 0x0008, 0x0060, "CS", "CT");
        text(out, 0x0010, 0x0020, "LO", "NOBODY");
        text(out, 0x0020, 0x000d, "UI", "2.25.2\0\0");
        text(out, 0x0020, 0x000e, "UI", "2.25.3\0\0");
        text(out, 0x0020, 0x0013, "IS", "1 ");
        number(out, 0x0028, 0x0002, (short) 1);
        text(out, 0x0028, 0x0004, "CS", "MONOCHROME2 ");
        number(out, 0x0028, 0x0010, SIDE);
        number(out, 0x0028, 0x0011, SIDE);
        number(out, 0x0028, 0x0100, (short) 16);
        number(out, 0x0028, 0x0101, (short) 16);
        number(out, 0x0028, 0x0102, (short) 15);
        number(out, 0x0028, 0x0103, (short) 0);
        text(out, 0x7fe0, 0x0010, "OW", "");
        out.putInt(PIXELS);
        Random noise = new Random(1); // without it the codec would go other ways than with images
        for (int i = 0; i < PIXELS / 2; i++) {
            out.putShort((short) (1000 + i / 4096 + noise.nextInt(16)));
        }
        byte[] file = new byte[out.position()];
        out.flip().get(file);
        return file;
    }

    private static void text(ByteBuffer out, int group, int element, String vr, String value) {
        out.putShort((short) group).putShort((short) element).put(vr.getBytes(StandardCharsets.US_ASCII));
        out.putShort((short) value.length()).put(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static void number(ByteBuffer out, int group, int element, short value) {
        out.putShort((short) group).putShort((short) element).put("US".getBytes(StandardCharsets.US_ASCII));
        out.putShort((short) 2).putShort(value);
    }
}
