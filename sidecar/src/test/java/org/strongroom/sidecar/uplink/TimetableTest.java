package org.strongroom.sidecar.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.strongroom.core.settings.DayTime;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.settings.TimetableSettings;
import org.strongroom.core.settings.UplinkSettings;
import org.strongroom.core.settings.WeekDays;

class TimetableTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Timetable table(String... lines) {
        List<TimetableSettings> all = List.of(lines).stream()
                .map(line -> line.split(" "))
                .map(words -> new TimetableSettings(
                        WeekDays.parse(words[0]),
                        DayTime.parse(words[1]),
                        DayTime.parse(words[2]),
                        words[3].equals("off") ? Rate.OFF : Rate.parse(words[3] + "/s")))
                .toList();
        return new Timetable(
                new UplinkSettings(Rate.parse("1 Mbit/s"), all, Optional.of(BERLIN)), ZoneId.of("Asia/Tokyo"));
    }

    private static Instant berlin(String local) {
        return LocalDateTime.parse(local).atZone(BERLIN).toInstant();
    }

    private static String at(Timetable table, Instant moment) {
        return table.at(moment).toString();
    }

    @Test
    void working_hours_end_to_the_minute() {
        Timetable table = table("Mon-Fri 08:00 18:00 256kbit");
        assertThat(at(table, berlin("2026-11-25T07:59:59"))).isEqualTo("1 Mbit/s");
        assertThat(at(table, berlin("2026-11-25T08:00:00"))).isEqualTo("256 kbit/s");
        assertThat(at(table, berlin("2026-11-25T17:59:59"))).isEqualTo("256 kbit/s");
        assertThat(at(table, berlin("2026-11-25T18:00:00"))).isEqualTo("1 Mbit/s");
        assertThat(at(table, berlin("2026-11-28T12:00:00"))).isEqualTo("1 Mbit/s");
        assertThat(table.nextChange(berlin("2026-11-25T09:30:07"))).isEqualTo(berlin("2026-11-25T18:00:00"));
        assertThat(table.nextChange(berlin("2026-11-27T18:00:00"))).isEqualTo(berlin("2026-11-30T08:00:00"));
    }

    @Test
    void a_night_passes_midnight_and_the_end_of_the_week() {
        Timetable table = table("Sun 22:00 06:00 2Mbit");
        assertThat(at(table, berlin("2026-11-29T21:59:59"))).isEqualTo("1 Mbit/s");
        assertThat(at(table, berlin("2026-11-29T23:59:59"))).isEqualTo("2 Mbit/s");
        assertThat(at(table, berlin("2026-11-30T00:00:00"))).isEqualTo("2 Mbit/s");
        assertThat(at(table, berlin("2026-11-30T06:00:00"))).isEqualTo("1 Mbit/s");
        assertThat(at(table, berlin("2026-11-29T03:00:00"))).isEqualTo("1 Mbit/s");
        assertThat(table.nextChange(berlin("2026-11-29T23:00:00"))).isEqualTo(berlin("2026-11-30T06:00:00"));
    }

    @Test
    void the_hour_that_is_left_out_is_left_out() {
        // 2027-03-28: after 01:59:59 comes 03:00
        Timetable table = table("Sun 01:00 02:30 2Mbit");
        Instant gap = Instant.parse("2027-03-28T01:00:00Z");
        assertThat(at(table, gap.minusSeconds(1))).isEqualTo("2 Mbit/s");
        assertThat(at(table, gap)).isEqualTo("1 Mbit/s");
        assertThat(table.nextChange(gap.minusSeconds(1800))).isEqualTo(gap);
        assertThat(at(table("Sun 02:15 02:45 2Mbit"), gap)).isEqualTo("1 Mbit/s");
    }

    @Test
    void the_hour_that_comes_twice_counts_twice() {
        // 2026-10-25: after 02:59:59 summer time comes 02:00 winter time
        Timetable table = table("Sun 02:00 02:30 2Mbit");
        Instant first = Instant.parse("2026-10-25T00:00:00Z");
        Instant second = first.plus(Duration.ofHours(1));
        for (Instant hour : List.of(first, second)) {
            assertThat(at(table, hour)).isEqualTo("2 Mbit/s");
            assertThat(at(table, hour.plusSeconds(30 * 60))).isEqualTo("1 Mbit/s");
            assertThat(table.nextChange(hour.plusSeconds(15 * 60))).isEqualTo(hour.plusSeconds(30 * 60));
        }
        assertThat(at(table, second.plusSeconds(3600))).isEqualTo("1 Mbit/s");
    }

    @Test
    void every_change_is_foretold() {
        Timetable table = table("Mon-Fri 08:00 18:00 256kbit", "daily 23:30 00:15 2Mbit", "Sun 02:10 02:50 4Mbit");
        for (String start : List.of("2026-10-23T00:00:30", "2027-03-26T00:00:30")) {
            Instant moment = berlin(start);
            Instant end = moment.plus(Duration.ofDays(5));
            while (moment.isBefore(end)) {
                Instant change = table.nextChange(moment);
                assertThat(change).isAfter(moment);
                for (Instant each = moment; each.isBefore(change); each = each.plusSeconds(60)) {
                    assertThat(at(table, each)).as(each + "").isEqualTo(at(table, moment));
                }
                moment = change;
            }
        }
    }

    @Test
    void without_lines_the_limit_is_always_the_same() {
        Instant now = berlin("2026-11-25T12:00:00");
        Timetable table = Timetable.always(Rate.OFF);
        assertThat(table.at(now)).isEqualTo(Rate.OFF);
        assertThat(table.nextChange(now)).isAfter(now);
    }

    @Test
    void another_limit_before_it_ends_to_the_second() {
        Instant end = berlin("2026-11-25T12:00:30");
        Timetable table = table("Mon-Fri 08:00 18:00 256kbit").after(Rate.OFF, end);
        Instant morning = berlin("2026-11-25T07:59:59");
        assertThat(at(table, morning)).isEqualTo("off");
        assertThat(table.nextChange(morning)).isEqualTo(end);
        assertThat(table.opens(morning)).contains(end);
        assertThat(at(table, end.minusMillis(1))).isEqualTo("off");
        assertThat(at(table, end)).isEqualTo("256 kbit/s");
        assertThat(table.nextChange(end)).isEqualTo(berlin("2026-11-25T18:00:00"));
    }

    @Test
    void when_it_opens_is_known() {
        Timetable table = table("Mon-Fri 08:00 18:00 off", "Sat,Sun 06:00 23:00 off");
        assertThat(table.opens(berlin("2026-11-25T09:30:07"))).contains(berlin("2026-11-25T18:00:00"));
        assertThat(table.opens(berlin("2026-11-28T09:30:00"))).contains(berlin("2026-11-28T23:00:00"));
        assertThat(table.opens(berlin("2026-11-25T07:30:07"))).contains(berlin("2026-11-25T07:30:07"));
        assertThat(Timetable.always(Rate.OFF).opens(berlin("2026-11-25T09:30:07")))
                .isEmpty();
    }
}
