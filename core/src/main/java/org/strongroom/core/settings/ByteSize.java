package org.strongroom.core.settings;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes, written with its unit: {@code "8 MiB"}, {@code "200 GB"}.
 *
 * @param bytes at least 1
 */
public record ByteSize(long bytes) {
    static final String PATTERN = "^[0-9]+(\\.[0-9]+)? ?(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$";
    private static final Pattern SYNTAX = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([A-Za-z]+)");
    private static final Map<String, Long> UNITS = units();

    public ByteSize {
        if (bytes < 1) {
            throw new IllegalArgumentException("at least 1 B, not " + bytes);
        }
    }

    /**
     * Reads a number and its unit.
     *
     * @throws IllegalArgumentException with what is wrong and how to write it
     */
    public static ByteSize parse(String text) {
        Matcher parts = SYNTAX.matcher(text.strip());
        Long unit = parts.matches() ? UNITS.get(parts.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("write a number and a unit, for example \"8 MiB\" or \"200 GB\"");
        }
        try {
            return new ByteSize(new BigDecimal(parts.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("write a whole number of bytes below 8 EiB", e);
        }
    }

    /** The shortest exact way to write it. */
    @Override
    public String toString() {
        String unit = "B";
        for (Map.Entry<String, Long> candidate : UNITS.entrySet()) {
            if (bytes % candidate.getValue() == 0 && candidate.getValue() > UNITS.get(unit)) {
                unit = candidate.getKey();
            }
        }
        return bytes / UNITS.get(unit) + " " + unit;
    }

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("B", 1L);
        units.put("kB", 1_000L);
        units.put("KB", 1_000L);
        units.put("KiB", 1L << 10);
        units.put("MB", 1_000_000L);
        units.put("MiB", 1L << 20);
        units.put("GB", 1_000_000_000L);
        units.put("GiB", 1L << 30);
        units.put("TB", 1_000_000_000_000L);
        units.put("TiB", 1L << 40);
        return units;
    }
}
