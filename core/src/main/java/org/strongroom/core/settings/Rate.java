package org.strongroom.core.settings;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much may be sent in a second: {@code "512 kbit/s"} (also {@code "512 Kbit/s"} or {@code "512 kbps"}), {@code "100 KB/s"}, {@code "unlimited"},
 * or {@code "off"}.
 *
 * @param bytesPerSecond 0 for off, {@link Long#MAX_VALUE} for unlimited
 */
public record Rate(long bytesPerSecond) {
    /** Nothing is sent. */
    public static final Rate OFF = new Rate(0);
    /** As much as the line carries. */
    public static final Rate UNLIMITED = new Rate(Long.MAX_VALUE);

    /** The slowest line on which an image still gets anywhere. */
    private static final long SLOWEST = 1_000;

    /** People write bits in many ways, and none of these can mean bytes. */
    private static final String BITS = "([kKmMgG])([bB]it/s|bps)";

    static final String PATTERN = "^(off|unlimited|[0-9]+(\\.[0-9]+)? ?(" + BITS + "|(kB|KB|MB|GB|KiB|MiB)/s))$";
    private static final Pattern SYNTAX = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([A-Za-z]+(?:/s|bps))");
    private static final Map<String, Long> UNITS = units();

    public Rate {
        if (bytesPerSecond != 0 && bytesPerSecond < SLOWEST) {
            throw new IllegalArgumentException("write at least 8 kbit/s, or \"off\"");
        }
    }

    /**
     * Reads a number and its unit, or a word. A bare 0 is refused: for some it means nothing, for others no limit.
     *
     * @throws IllegalArgumentException with what is wrong and how to write it
     */
    public static Rate parse(String text) {
        String stripped = text.strip();
        if (stripped.equals("off")) {
            return OFF;
        } else if (stripped.equals("unlimited")) {
            return UNLIMITED;
        }
        Matcher parts = SYNTAX.matcher(stripped);
        Long unit = parts.matches() ? UNITS.get(plain(parts.group(2))) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "write \"512 kbit/s\", \"10 Mbit/s\", \"100 KB/s\", \"unlimited\", or \"off\" for nothing");
        }
        BigDecimal bits = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit));
        if (bits.signum() == 0) {
            throw new IllegalArgumentException("write \"off\" for nothing, or \"unlimited\"");
        }
        try {
            return new Rate(bits.divide(BigDecimal.valueOf(Byte.SIZE)).longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("write a whole number of bytes in a second", e);
        }
    }

    /** A unit of bits as this project writes it; another one as it is. */
    private static String plain(String unit) {
        Matcher bits = Pattern.compile(BITS).matcher(unit);
        if (!bits.matches()) {
            return unit;
        }
        String prefix = bits.group(1);
        return (prefix.equalsIgnoreCase("k") ? "k" : prefix.toUpperCase(Locale.ROOT)) + "bit/s";
    }

    public boolean isOff() {
        return bytesPerSecond == 0;
    }

    public boolean isUnlimited() {
        return bytesPerSecond == Long.MAX_VALUE;
    }

    /** An exact way to write it, as short as its unit allows. */
    @Override
    public String toString() {
        if (isOff()) {
            return "off";
        } else if (isUnlimited()) {
            return "unlimited";
        }
        String best = null;
        for (Map.Entry<String, Long> unit : UNITS.entrySet()) {
            if (bytesPerSecond * Byte.SIZE % unit.getValue() == 0
                    && unit.getKey().endsWith("bit/s")) {
                best = unit.getKey();
            }
        }
        return best == null
                ? new BigDecimal(bytesPerSecond).movePointLeft(3).toPlainString() + " kB/s"
                : bytesPerSecond * Byte.SIZE / UNITS.get(best) + " " + best;
    }

    /** In bits. */
    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("kbit/s", 1_000L);
        units.put("Mbit/s", 1_000_000L);
        units.put("Gbit/s", 1_000_000_000L);
        units.put("kB/s", 8_000L);
        units.put("KB/s", 8_000L);
        units.put("MB/s", 8_000_000L);
        units.put("GB/s", 8_000_000_000L);
        units.put("KiB/s", 8L << 10);
        units.put("MiB/s", 8L << 20);
        return units;
    }
}
