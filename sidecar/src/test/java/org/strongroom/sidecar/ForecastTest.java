package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.Status;
import org.strongroom.core.settings.Watermark;
import org.strongroom.sidecar.ledger.Place;

class ForecastTest {
    private static final long ROOM = 5_000_000_000L;

    @TempDir
    Path folder;

    @Test
    void what_waits_is_foretold_from_what_came_and_what_the_line_carried() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            Status.Forecast nothing = clinic.rooms.outlook.forecast(ROOM);
            assertThat(nothing).isEqualTo(new Status.Forecast(null, null, null, null));
            assertThat(clinic.rooms.outlook.line().bytesPerSecond()).isNull();

            clinic.spool.study(UUID.randomUUID(), 3_000_000);
            clinic.plan();
            Status.Forecast unknown = clinic.rooms.outlook.forecast(ROOM);
            assertThat(unknown.drainsAt()).isNull();
            assertThat(unknown.intakeBytesPerDay()).isBetween(3_000_000L, 3_010_000L);
            assertThat(unknown.autonomyDays()).isBetween(1_600.0, 1_667.0);

            clinic.ship();
            long line = clinic.rooms.outlook.line().bytesPerSecond();
            assertThat(line).isPositive();
            assertThat(clinic.rooms.outlook.forecast(ROOM).drainsAt()).isNull();
            clinic.spool.study(UUID.randomUUID(), 1_000_000);
            clinic.rooms.refresh();
            Status.Forecast known = clinic.rooms.outlook.forecast(ROOM);
            assertThat(known.drainsAt())
                    .isBetween(
                            clinic.clock.instant().minusSeconds(5),
                            clinic.clock.instant().plusSeconds(60));
            assertThat(known.exceedsLineBytesPerDay()).isNegative();

            clinic.store(0).away = true;
            assertThat(clinic.rooms.outlook.forecast(ROOM).drainsAt()).isNull();
            clinic.store(0).away = false;
            clinic.rooms.close();
            clinic.open();
            assertThat(clinic.rooms.outlook.line().bytesPerSecond())
                    .isCloseTo(line, org.assertj.core.data.Percentage.withPercentage(6));
        }
    }

    @Test
    void nothing_waits_for_a_tier_that_takes_no_copies() throws Exception {
        Clinic clinic = new Clinic(folder, "near", "outside");
        clinic.store(1).outside = true;
        try (clinic) {
            clinic.open();
            clinic.spool.study(UUID.randomUUID(), 3_000_000);
            clinic.ship();
            clinic.spool.study(UUID.randomUUID(), 1_000_000);
            clinic.rooms.refresh();
            Status.Forecast forecast = clinic.rooms.outlook.forecast(ROOM);
            assertThat(forecast.drainsAt()).isNotNull();
            assertThat(forecast.exceedsLineBytesPerDay()).isNegative();
        }
    }

    @Test
    void intake_is_that_of_the_last_week() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(UUID.randomUUID(), 8_000_000);
            clinic.plan();
            clinic.clock.advance(Duration.ofHours(95));
            assertThat(clinic.rooms.outlook.forecast(ROOM).intakeBytesPerDay()).isBetween(2_000_000L, 2_010_000L);
            clinic.clock.advance(Duration.ofDays(4));
            assertThat(clinic.rooms.outlook.forecast(ROOM).intakeBytesPerDay()).isNull();
        }
    }

    /** A clock that was five years ahead for an hour must not have the forecast count that hour for five years. */
    @Test
    void what_came_by_a_clock_that_was_ahead_is_forgotten_after_a_week_too() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.clock.isWrongBy(Duration.ofDays(5 * 365));
            UUID file = clinic.spool.study(UUID.randomUUID(), 8_000_000).get(0);
            Files.setLastModifiedTime(clinic.home.spooled(file), FileTime.from(clinic.clock.instant()));
            clinic.plan();
            assertThat(clinic.rooms.outlook.forecast(ROOM).intakeBytesPerDay()).isNotNull();
            clinic.clock.isWrongBy(Duration.ZERO);
            clinic.clock.advance(Duration.ofDays(8));
            assertThat(clinic.rooms.outlook.forecast(ROOM).intakeBytesPerDay()).isNull();
        }
    }

    @Test
    void a_tight_disk_evicts_whatever_may_go_and_is_a_problem() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        try (Clinic tight = clinic.with(Watermark.parse("100 %")).open()) {
            tight.spool.study(UUID.randomUUID(), 500_000);
            tight.ship();
            assertThat(tight.in(Place.CACHE)).isEqualTo(1);
            assertThat(tight.rooms.disk.isTight()).isFalse();
            tight.rooms.evictor.keepLevel(tight.rooms.disk.missing());
            tight.rooms.disk.judge();
            assertThat(tight.rooms.problems.byName()).isEmpty();
            tight.rooms.disk.tellFull();
            assertThat(tight.rooms.problems.byName()).containsOnlyKeys("disk/full");
            tight.rooms.disk.judge();
            assertThat(tight.in(Place.CACHE)).isZero();
            assertThat(tight.rooms.disk.isTight()).isTrue();
            assertThat(tight.rooms.problems.byName()).containsOnlyKeys("disk", "disk/full");
        }
        try (Clinic wide = clinic.with(Watermark.parse("1 B")).open()) {
            wide.rooms.problems.raise("disk", org.strongroom.core.error.FailureKind.FULL, "", "");
            wide.rooms.problems.raise("disk/full", org.strongroom.core.error.FailureKind.FULL, "", "");
            wide.rooms.disk.judge();
            assertThat(wide.rooms.problems.byName()).containsOnlyKeys("disk/full");
            wide.rooms.disk.tellFull();
            assertThat(wide.rooms.problems.byName()).isEmpty();
        }
    }
}
