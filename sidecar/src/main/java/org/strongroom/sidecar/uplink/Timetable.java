package org.strongroom.sidecar.uplink;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.settings.DayTime;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.settings.TimetableSettings;
import org.strongroom.core.settings.UplinkSettings;

/**
 * The limit at every moment, by the clock on the wall: an hour that is left out when clocks go forward is left out here, one
 * that comes twice counts twice. Immutable.
 */
public final class Timetable {
    /** A line of the timetable comes once a week, and an hour of it may be left out. */
    private static final Duration LOOK_AHEAD = Duration.ofDays(14);

    private final Rate usual;
    private final ZoneId zone;
    private final List<Line> lines;
    private final Rate instead;
    private final Instant until;

    private record Line(BitSet week, Rate limit) {}

    /** @param machine where the settings name no time zone */
    public Timetable(UplinkSettings settings, ZoneId machine) {
        usual = settings.limit();
        zone = settings.timeZone().orElse(machine);
        lines = settings.timetable().stream()
                .map(each -> new Line(each.week(), each.limit()))
                .toList();
        instead = usual;
        until = Instant.MIN;
    }

    private Timetable(Timetable after, Rate instead, Instant until) {
        usual = after.usual;
        zone = after.zone;
        lines = after.lines;
        this.instead = instead;
        this.until = until;
    }

    /** This one from {@code until} on; before, always {@code limit}. */
    Timetable after(Rate limit, Instant until) {
        return new Timetable(this, limit, until);
    }

    /** One that never changes. */
    public static Timetable always(Rate limit) {
        return new Timetable(new UplinkSettings(limit, List.of(), Optional.empty()), ZoneId.of("UTC"));
    }

    public Rate at(Instant moment) {
        if (moment.isBefore(until)) {
            return instead;
        }
        return lines.isEmpty() ? usual : at(minute(moment.atZone(zone)));
    }

    private Rate at(int minute) {
        for (Line line : lines) {
            if (line.week.get(minute)) {
                return line.limit;
            }
        }
        return usual;
    }

    private static int minute(ZonedDateTime time) {
        return (time.getDayOfWeek().getValue() - 1) * DayTime.DAY + time.getHour() * 60 + time.getMinute();
    }

    /** The first moment from {@code moment} on at which something may be sent; empty if there is none within two weeks. */
    public Optional<Instant> opens(Instant moment) {
        Instant end = moment.plus(LOOK_AHEAD);
        Instant open = moment;
        while (at(open).isOff()) {
            open = nextChange(open);
            if (open.isAfter(end)) {
                return Optional.empty();
            }
        }
        return Optional.of(open);
    }

    public ZoneId zone() {
        return zone;
    }

    /** The first moment behind {@code moment} at which the limit may be another, at most a week behind what is before the timetable. */
    public Instant nextChange(Instant moment) {
        if (moment.isBefore(until)) {
            return until;
        }
        ZonedDateTime from = moment.atZone(zone);
        int minute = minute(from);
        Rate now = at(minute);
        int ahead = 1;
        while (ahead < TimetableSettings.WEEK
                && at((minute + ahead) % TimetableSettings.WEEK).equals(now)) {
            ahead++;
        }
        LocalDateTime wall = from.toLocalDateTime().withSecond(0).withNano(0).plusMinutes(ahead);
        // Of an hour that comes twice the one that it is now, not always the first.
        Instant change = ZonedDateTime.ofLocal(wall, zone, from.getOffset()).toInstant();
        ZoneOffsetTransition clocks = zone.getRules().nextTransition(moment);
        if (clocks != null && clocks.getInstant().isBefore(change)) {
            return clocks.getInstant();
        }
        return change.isAfter(moment) ? change : moment.plusSeconds(60);
    }
}
