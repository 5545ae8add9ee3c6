package org.strongroom.core.dicom;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The few top-level attributes that the header reader keeps, as raw bytes. Not changed after the reader returned it; its
 * values are PHI and {@link #toString} does not print them.
 */
public final class Attributes {
    private static final Pattern INTEGER =
            Pattern.compile("\\s*([+-]?\\d{1,10})(?:[\\s\\x00.\\\\].*)?", Pattern.DOTALL);

    private final boolean bigEndian;
    private final Map<Integer, byte[]> values = new HashMap<>();

    Attributes(boolean bigEndian) {
        this.bigEndian = bigEndian;
    }

    /** As DCMTK does, the first of two elements with the same tag counts. */
    void putIfAbsent(int tag, byte[] value) {
        values.putIfAbsent(tag, value);
    }

    public boolean contains(int tag) {
        return values.containsKey(tag);
    }

    /** The value without trailing spaces and NULs (format.md §5.3); an empty array if it is absent or empty. */
    public byte[] getBytes(int tag) {
        byte[] value = values.getOrDefault(tag, new byte[0]);
        int length = value.length;
        while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == 0)) {
            length--;
        }
        return Arrays.copyOf(value, length);
    }

    /** A number: binary for US attributes, text for IS ones; {@code fallback} if it is absent or not a number. */
    public int getInt(int tag, int fallback) {
        byte[] value = values.get(tag);
        if (value == null) {
            return fallback;
        }
        return tag == Tag.InstanceNumber || tag == Tag.NumberOfFrames
                ? number(value, fallback)
                : unsignedShort(value, fallback);
    }

    private static int number(byte[] text, int fallback) {
        Matcher matcher = INTEGER.matcher(new String(text, StandardCharsets.ISO_8859_1));
        if (!matcher.matches()) {
            return fallback;
        }
        long number = Long.parseLong(matcher.group(1));
        return number == (int) number ? (int) number : fallback;
    }

    private int unsignedShort(byte[] value, int fallback) {
        if (value.length < 2) {
            return fallback;
        }
        int first = value[0] & 0xFF;
        int second = value[1] & 0xFF;
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    @Override
    public String toString() {
        return values.size() + " attributes";
    }
}
