package org.strongroom.core.settings;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations written with their unit: {@code "500 ms"}, {@code "60 s"}, {@code "5 min"}, {@code "2 h"}, {@code "30 days"}. */
public final class Durations {
    static final String PATTERN = "^[0-9]+ ?(ms|s|min|h|day|days)$";
    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9}) ?([a-z]+)");
    private static final Map<String, Duration> UNITS = units();

    private Durations() {}

    /**
     * Reads a number and its unit.
     *
     * @throws IllegalArgumentException with what is wrong and how to write it
     */
    public static Duration parse(String text) {
        Matcher parts = SYNTAX.matcher(text.strip());
        Duration unit = parts.matches() ? UNITS.get(parts.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "write a number and a unit, for example \"60 s\", \"5 min\" or \"30 days\"");
        }
        return unit.multipliedBy(Long.parseLong(parts.group(1)));
    }

    /** The shortest exact way to write it. */
    public static String format(Duration duration) {
        String best = "ms";
        for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
            if (duration.toMillis() % unit.getValue().toMillis() == 0 && !duration.isZero()) {
                best = unit.getKey();
            }
        }
        return duration.toMillis() / UNITS.get(best).toMillis() + " " + best;
    }

    private static Map<String, Duration> units() {
        Map<String, Duration> units = new LinkedHashMap<>();
        units.put("ms", Duration.ofMillis(1));
        units.put("s", Duration.ofSeconds(1));
        units.put("min", Duration.ofMinutes(1));
        units.put("h", Duration.ofHours(1));
        units.put("day", Duration.ofDays(1));
        units.put("days", Duration.ofDays(1));
        return units;
    }
}
