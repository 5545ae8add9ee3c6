package org.strongroom.core.settings;

import java.util.Locale;

/**
 * A time of day to the minute, {@code "00:00"} to {@code "24:00"}.
 *
 * @param minutes since the day began, 0 to 1440
 */
public record DayTime(int minutes) {
    /** Minutes of a day on which no clock is set. */
    public static final int DAY = 24 * 60;

    static final String PATTERN = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$";

    public DayTime {
        if (minutes < 0 || minutes > DAY) {
            throw new IllegalArgumentException("write \"00:00\" to \"24:00\"");
        }
    }

    /**
     * Reads hours and minutes, two digits each.
     *
     * @throws IllegalArgumentException with how to write it
     */
    public static DayTime parse(String text) {
        if (!text.matches(PATTERN)) {
            throw new IllegalArgumentException("write \"08:00\", from \"00:00\" to \"24:00\"");
        }
        return new DayTime(Integer.parseInt(text.substring(0, 2)) * 60 + Integer.parseInt(text.substring(3)));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%02d:%02d", minutes / 60, minutes % 60);
    }
}
