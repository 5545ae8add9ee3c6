package org.strongroom.plugin.dimse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.strongroom.plugin.dimse.Holdings.Value;

/** Makes a DICOM file: implicit, little endian, so that keys without a value need no value representation; in UTF-8. */
final class Dataset {
    private static final int PREAMBLE = 128;
    private static final String CHARSET = "0008,0005";

    private Dataset() {}

    /** @param values by tag, {@code gggg,eeee} */
    static byte[] of(Map<String, Value> values) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[PREAMBLE]);
        file.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        byte[] syntax = explicit(0x0010, "UI", encoded(new Value("UI", "1.2.840.10008.1.2")));
        file.writeBytes(explicit(
                0x0000, "UL", little(Integer.BYTES).putInt(syntax.length).array()));
        file.writeBytes(syntax);
        Map<String, Value> sorted = new TreeMap<>(values);
        sorted.put(CHARSET, new Value("CS", "ISO_IR 192"));
        sorted.forEach((tag, value) -> {
            byte[] bytes = encoded(value);
            file.writeBytes(little(8 + bytes.length)
                    .putShort((short) Integer.parseInt(tag.substring(0, 4), 16))
                    .putShort((short) Integer.parseInt(tag.substring(5), 16))
                    .putInt(bytes.length)
                    .put(bytes)
                    .array());
        });
        return file.toByteArray();
    }

    private static byte[] explicit(int element, String vr, byte[] value) {
        return little(8 + value.length)
                .putShort((short) 2)
                .putShort((short) element)
                .put(vr.getBytes(StandardCharsets.US_ASCII))
                .putShort((short) value.length)
                .put(value)
                .array();
    }

    /** Numbers of two bytes, or text of an even length. */
    private static byte[] encoded(Value value) {
        if (value.vr().equals("US")) {
            return numbers(value.text());
        }
        byte[] bytes = value.text().getBytes(StandardCharsets.UTF_8);
        byte[] even = Arrays.copyOf(bytes, bytes.length + bytes.length % 2);
        if (even.length > bytes.length && !value.vr().equals("UI")) {
            even[bytes.length] = ' ';
        }
        return even;
    }

    /** What is no number is left out: as bytes it would be another one. */
    private static byte[] numbers(String text) {
        String[] all = text.split("\\\\", -1);
        byte[] bytes = new byte[all.length * Short.BYTES];
        ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (String one : all) {
            if (!one.strip().matches("[0-9]{1,5}")) {
                return new byte[0];
            }
            numbers.putShort((short) Integer.parseInt(one.strip()));
        }
        return bytes;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
