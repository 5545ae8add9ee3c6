package org.strongroom.core.settings;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Days of the week: {@code "Mon-Fri"}, {@code "Sat, Sun"}, {@code "daily"}.
 *
 * @param days at least one
 */
public record WeekDays(Set<DayOfWeek> days) {
    private static final List<String> NAMES = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final String DAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    private static final String SPAN = DAY + "(-" + DAY + ")?";
    static final String PATTERN = "^(daily|" + SPAN + "(, ?" + SPAN + ")*)$";

    public WeekDays {
        days = Collections.unmodifiableSet(EnumSet.copyOf(days));
    }

    /**
     * Reads days and spans of days; a span may pass Sunday.
     *
     * @throws IllegalArgumentException with what is wrong and how to write it
     */
    public static WeekDays parse(String text) {
        if (!text.matches(PATTERN)) {
            throw new IllegalArgumentException("write \"Mon-Fri\", \"Sat, Sun\" or \"daily\"");
        }
        if (text.equals("daily")) {
            return new WeekDays(EnumSet.allOf(DayOfWeek.class));
        }
        Set<DayOfWeek> found = EnumSet.noneOf(DayOfWeek.class);
        for (String span : text.split(", ?", -1)) {
            String[] ends = span.split("-", -1);
            DayOfWeek last = day(ends[ends.length - 1]);
            for (DayOfWeek day = day(ends[0]); ; day = day.plus(1)) {
                found.add(day);
                if (day == last) {
                    break;
                }
            }
        }
        return new WeekDays(found);
    }

    private static DayOfWeek day(String name) {
        return DayOfWeek.of(NAMES.indexOf(name) + 1);
    }

    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        days.forEach(day -> names.add(NAMES.get(day.getValue() - 1)));
        return names.size() == NAMES.size() ? "daily" : String.join(", ", names);
    }
}
