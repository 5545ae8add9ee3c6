package org.strongroom.core.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.regex.Pattern;
import org.strongroom.core.settings.Durations;

/**
 * A time as people type it: {@code 2026-11-30}, {@code 2026-11-30T08:00}, {@code 2026-11-30T07:00:00Z}, {@code "24 h"} or {@code -24h} (ago).
 * What says no zone is of the zone of who asks. Immutable.
 */
public final class Moment {
    private static final String HOW = "write \"2026-11-30\", \"2026-11-30T08:00\" (this machine's zone, or the one"
            + " that is named), \"2026-11-30T07:00:00Z\", or how long ago: \"24 h\", \"30 days\"";

    private static final String DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
    private static final Pattern ONLY_DAY = Pattern.compile(DAY);
    private static final Pattern TIME = Pattern.compile(DAY + "[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?");
    private static final Pattern WITH_OFFSET =
            Pattern.compile(TIME.pattern() + "(Z|[+-][0-9]{2}:[0-9]{2})", Pattern.CASE_INSENSITIVE);

    private final Place first;
    private final Place end;

    /** Where in time that is, for who is in this zone, now. */
    @FunctionalInterface
    private interface Place {
        Instant in(ZoneId zone, Instant now);
    }

    private Moment(Place first, Place end) {
        this.first = first;
        this.end = end;
    }

    /**
     * Reads what somebody typed.
     *
     * @throws IllegalArgumentException that names the text, and how to write it
     */
    public static Moment parse(String text) {
        String typed = text.strip();
        try {
            if (ONLY_DAY.matcher(typed).matches()) {
                LocalDate day = LocalDate.parse(typed);
                return new Moment(
                        (zone, now) -> day.atStartOfDay(zone).toInstant(),
                        (zone, now) -> day.plusDays(1).atStartOfDay(zone).toInstant());
            }
            String iso = typed.replace(' ', 'T');
            if (TIME.matcher(typed).matches()) {
                LocalDateTime time = LocalDateTime.parse(iso);
                return new Moment((zone, now) -> first(time, zone), (zone, now) -> time.atZone(zone)
                        .withLaterOffsetAtOverlap()
                        .toInstant());
            }
            if (WITH_OFFSET.matcher(typed).matches()) {
                Instant instant = OffsetDateTime.parse(iso).toInstant();
                return new Moment((zone, now) -> instant, (zone, now) -> instant);
            }
            Duration ago = Durations.parse(typed.startsWith("-") ? typed.substring(1) : typed);
            Place whole = (zone, now) -> now.minus(ago).truncatedTo(ChronoUnit.SECONDS);
            return new Moment(whole, whole);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no time: " + HOW, e);
        }
    }

    private static Instant first(LocalDateTime time, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        return change != null && change.isGap()
                ? change.getInstant()
                : time.atZone(zone).toInstant();
    }

    /**
     * From when on; of a day, from its first moment on, of a time that comes twice when clocks are set back, from the first, and of one that
     * never comes because they are set forward, from that moment on.
     */
    public Instant from(ZoneId zone, Instant now) {
        return first.in(zone, now);
    }

    /** Before when; of a day, before it is over, and of a time that comes twice, before the second. */
    public Instant until(ZoneId zone, Instant now) {
        return end.in(zone, now);
    }
}
