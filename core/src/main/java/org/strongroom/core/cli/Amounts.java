package org.strongroom.core.cli;

import java.time.Duration;
import java.util.Locale;

/** Amounts as people read them; exact values are for JSON. */
public final class Amounts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Amounts() {}

    /** For example {@code 1.5 GB}: three digits at most, decimal units. */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        boolean whole = unit == 0 || value >= 99.95;
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    /** For example {@code 1 instance}, {@code 12 instances}. */
    public static String count(long number, String thing) {
        return number + " " + (number == 1 ? thing : thing + "s");
    }

    /** For example {@code 3 min}: the largest unit of which there is at least one. */
    public static String time(Duration duration) {
        if (duration.toDays() > 0) {
            return count(duration.toDays(), "day");
        } else if (duration.toHours() > 0) {
            return duration.toHours() + " h";
        } else if (duration.toMinutes() > 0) {
            return duration.toMinutes() + " min";
        }
        return Math.max(0, duration.toSeconds()) + " s";
    }
}
