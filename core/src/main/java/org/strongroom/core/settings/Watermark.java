package org.strongroom.core.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A level of local use: bytes of sealed files ({@code "200 GB"}) or how full the disk is ({@code "85 %"}).
 *
 * @param value bytes, or percent from 1 to 100
 * @param percent whether {@code value} is percent
 */
public record Watermark(long value, boolean percent) {
    static final String PATTERN =
            "^([0-9]{1,3} ?%|" + ByteSize.PATTERN.substring(1, ByteSize.PATTERN.length() - 1) + ")$";
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}) ?%");

    public Watermark {
        if (value < 1 || (percent && value > 100)) {
            throw new IllegalArgumentException(percent ? "write 1 % to 100 %" : "at least 1 B");
        }
    }

    /**
     * Reads an amount of bytes or a percentage.
     *
     * @throws IllegalArgumentException with what is wrong and how to write it
     */
    public static Watermark parse(String text) {
        Matcher percent = PERCENT.matcher(text.strip());
        if (percent.matches()) {
            return new Watermark(Long.parseLong(percent.group(1)), true);
        }
        try {
            return new Watermark(ByteSize.parse(text).bytes(), false);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("write \"85 %\" of the disk or an amount such as \"200 GB\"", e);
        }
    }

    /** Bytes, of a disk of {@code total} bytes. */
    public long of(long total) {
        return percent ? total / 100 * value : value;
    }

    @Override
    public String toString() {
        return percent ? value + " %" : new ByteSize(value).toString();
    }
}
