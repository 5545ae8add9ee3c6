package org.strongroom.plugin.bridge;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A small DICOM file with random pixels: explicit VR, little endian, 16 bits. */
final class DicomFile {
    private static final String ROOT = "1.2.826.0.1.3680043.10.1338.";

    private DicomFile() {}

    static byte[] random(int number, int side, Random random) {
        String instance = ROOT + "3." + number;
        ByteArrayOutputStream meta = new ByteArrayOutputStream();
        element(meta, 0x0002, 0x0002, "UI", text("1.2.840.10008.5.1.4.1.1.7", '\0'));
        element(meta, 0x0002, 0x0003, "UI", text(instance, '\0'));
        element(meta, 0x0002, 0x0010, "UI", text("1.2.840.10008.1.2.1", '\0'));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[128]);
        file.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        element(file, 0x0002, 0x0000, "UL", number(meta.size(), 4));
        file.writeBytes(meta.toByteArray());
        element(file, 0x0008, 0x0016, "UI", text("1.2.840.10008.5.1.4.1.1.7", '\0'));
        element(file, 0x0008, 0x0018, "UI", text(instance, '\0'));
        element(file, 0x0008, 0x0060, "CS", text("OT", ' '));
        element(file, 0x0010, 0x0020, "LO", text("P" + number % 7, ' '));
        element(file, 0x0020, 0x000d, "UI", text(ROOT + "1." + number % 7, '\0'));
        element(file, 0x0020, 0x000e, "UI", text(ROOT + "2." + number % 7, '\0'));
        element(file, 0x0028, 0x0002, "US", number(1, 2));
        element(file, 0x0028, 0x0004, "CS", text("MONOCHROME2", ' '));
        element(file, 0x0028, 0x0010, "US", number(side, 2));
        element(file, 0x0028, 0x0011, "US", number(side, 2));
        element(file, 0x0028, 0x0100, "US", number(16, 2));
        element(file, 0x0028, 0x0101, "US", number(16, 2));
        element(file, 0x0028, 0x0102, "US", number(15, 2));
        element(file, 0x0028, 0x0103, "US", number(0, 2));
        byte[] pixels = new byte[2 * side * side];
        random.nextBytes(pixels);
        element(file, 0x7fe0, 0x0010, "OW", pixels);
        return file.toByteArray();
    }

    private static void element(ByteArrayOutputStream out, int group, int element, String vr, byte[] value) {
        out.writeBytes(number(group, 2));
        out.writeBytes(number(element, 2));
        out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
        if (vr.equals("OW")) {
            out.writeBytes(new byte[2]);
            out.writeBytes(number(value.length, 4));
        } else {
            out.writeBytes(number(value.length, 2));
        }
        out.writeBytes(value);
    }

    private static byte[] text(String text, char padding) {
        return (text.length() % 2 == 0 ? text : text + padding).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] number(int value, int bytes) {
        ByteBuffer buffer =
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value);
        return java.util.Arrays.copyOf(buffer.array(), bytes);
    }
}
