package org.strongroom.sidecar.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.TemporalUnitOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strongroom.core.settings.DayTime;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.settings.TimetableSettings;
import org.strongroom.core.settings.UplinkSettings;
import org.strongroom.core.settings.WeekDays;
import org.strongroom.sidecar.uplink.Timetable;

class DrainTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final Timetable FREE = Timetable.always(Rate.UNLIMITED);
    private static final TemporalUnitOffset EXACTLY = within(2, ChronoUnit.SECONDS);

    @Test
    void a_queue_ends_when_its_bytes_are_sent() {
        Drain drain = new Drain(FREE, Map.of("a", 64_000.0), Map.of());
        assertThat(drain.end(Map.of("a", 64_000L * 3_600), NOON).orElseThrow())
                .isCloseTo(NOON.plus(Duration.ofHours(1)), EXACTLY);
        assertThat(drain.excessPerDay(NOON)).isEqualTo(-64_000L * 86_400);
    }

    @Test
    void what_arrives_meanwhile_is_sent_as_well() {
        Drain drain = new Drain(FREE, Map.of("a", 64_000.0), Map.of("a", 32_000.0));
        assertThat(drain.end(Map.of("a", 64_000L * 3_600), NOON).orElseThrow())
                .isCloseTo(NOON.plus(Duration.ofHours(2)), EXACTLY);
        assertThat(new Drain(FREE, Map.of("a", 64_000.0), Map.of("a", 65_000.0)).end(Map.of("a", 1_000_000L), NOON))
                .isEmpty();
    }

    @Test
    void a_tier_gets_only_what_is_to_go_there() {
        Map<String, Double> lines = Map.of("near", 1_000_000.0, "far", 64_000.0);
        Drain drain = new Drain(FREE, lines, Map.of("near", 500_000.0, "far", 32_000.0));
        assertThat(drain.end(Map.of("far", 64_000L * 3_600), NOON).orElseThrow())
                .isCloseTo(NOON.plus(Duration.ofHours(2)), EXACTLY);
        assertThat(drain.excessPerDay(NOON)).isEqualTo(-32_000L * 86_400);
        assertThat(new Drain(FREE, lines, Map.of("near", 1_500_000.0, "far", 0.0)).excessPerDay(NOON))
                .isEqualTo(500_000L * 86_400);
    }

    @Test
    void a_night_table_is_minded() {
        TimetableSettings day = new TimetableSettings(
                WeekDays.parse("daily"), DayTime.parse("06:00"), DayTime.parse("18:00"), Rate.OFF);
        Timetable nights =
                new Timetable(new UplinkSettings(Rate.UNLIMITED, List.of(day), Optional.empty()), ZoneId.of("UTC"));
        Drain drain = new Drain(nights, Map.of("a", 1_000.0), Map.of());
        assertThat(drain.end(Map.of("a", 1_000L * 3_600 * 13), NOON).orElseThrow())
                .isCloseTo(NOON.plus(Duration.ofHours(6 + 12 + 12 + 1)), EXACTLY);
        assertThat(drain.excessPerDay(NOON)).isEqualTo(-1_000L * 43_200);
    }

    @Test
    @Timeout(10)
    void a_moment_between_two_milliseconds_does_not_stand_still() {
        TimetableSettings day = new TimetableSettings(
                WeekDays.parse("daily"), DayTime.parse("06:00"), DayTime.parse("18:00"), Rate.OFF);
        Timetable nights =
                new Timetable(new UplinkSettings(Rate.UNLIMITED, List.of(day), Optional.empty()), ZoneId.of("UTC"));
        Instant now = NOON.plusNanos(500_000);
        assertThat(new Drain(nights, Map.of("a", 1_000.0), Map.of()).end(Map.of("a", 1_000L * 3_600 * 13), now))
                .isPresent();
        assertThat(new Drain(FREE, Map.of("a", 64_000.0), Map.of("a", 65_000.0)).end(Map.of("a", 1_000_000L), now))
                .isEmpty();
    }

    @Test
    @Timeout(10)
    void years_are_foretold_too_and_no_more_than_ten() {
        TimetableSettings day = new TimetableSettings(
                WeekDays.parse("daily"), DayTime.parse("06:00"), DayTime.parse("18:00"), Rate.OFF);
        Timetable nights =
                new Timetable(new UplinkSettings(Rate.UNLIMITED, List.of(day), Optional.empty()), ZoneId.of("UTC"));
        Drain drain = new Drain(nights, Map.of("a", 1_000.0), Map.of());
        assertThat(drain.end(Map.of("a", 1_000L * 43_200 * 3_000), NOON).orElseThrow())
                .isCloseTo(NOON.plus(Duration.ofDays(3_000)), within(1, ChronoUnit.DAYS));
        assertThat(drain.end(Map.of("a", 1_000L * 43_200 * 4_000), NOON)).isEmpty();
    }

    @Test
    void tiers_share_the_limit_until_one_is_done() {
        Timetable limited = Timetable.always(new Rate(10_000));
        Drain drain = new Drain(limited, Map.of("a", 10_000.0, "b", 10_000.0), Map.of());
        Instant end =
                drain.end(Map.of("a", 5_000L * 100, "b", 5_000L * 100), NOON).orElseThrow();
        assertThat(end).isCloseTo(NOON.plusSeconds(100), EXACTLY);
        assertThat(drain.end(Map.of("a", 500_000L, "b", 0L), NOON).orElseThrow())
                .isCloseTo(NOON.plusSeconds(50), EXACTLY);
    }
}
