package org.strongroom.plugin.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.SnapshotSettings;

class SnapshotScheduleTest {
    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-26T02:00:00Z");
    private Duration running = Duration.ZERO;
    private int tried;
    private SnapshotSchedule.Outcome outcome = SnapshotSchedule.Outcome.MADE;

    private SnapshotSchedule schedule() {
        return new SnapshotSchedule(
                new Home(folder),
                new SnapshotSettings(true, Duration.ofHours(24), 7),
                this::make,
                () -> now,
                () -> running);
    }

    private SnapshotSchedule.Outcome make() throws IOException {
        tried++;
        if (outcome == SnapshotSchedule.Outcome.MADE) {
            Files.createDirectories(folder.resolve("snapshots"));
            String name = String.format(Locale.ROOT, "%014d-%s", now.toEpochMilli(), "0".repeat(32));
            Files.write(folder.resolve("snapshots").resolve(name), new byte[0]);
        }
        return outcome;
    }

    private void pass(SnapshotSchedule schedule, Duration all) {
        for (Duration passed = Duration.ZERO; passed.compareTo(all) < 0; passed = passed.plusMinutes(1)) {
            running = running.plusMinutes(1);
            now = now.plusSeconds(60);
            schedule.look();
        }
    }

    @Test
    void theFirstIsMadeSomeMinutesAfterTheStartAndTheNextWhenItIsTime() {
        SnapshotSchedule schedule = schedule();
        pass(schedule, Duration.ofMinutes(9));
        assertThat(tried).isZero();
        pass(schedule, Duration.ofMinutes(2));
        assertThat(tried).isEqualTo(1);
        pass(schedule, Duration.ofHours(23));
        assertThat(tried).isEqualTo(1);
        pass(schedule, Duration.ofHours(2));
        assertThat(tried).isEqualTo(2);
        SnapshotSchedule restarted = schedule();
        pass(restarted, Duration.ofHours(20));
        assertThat(tried).as("a restart makes none that is not due").isEqualTo(2);
    }

    @Test
    void whatFailsIsTriedAgainInAnHour() {
        outcome = SnapshotSchedule.Outcome.FAILED;
        SnapshotSchedule schedule = schedule();
        pass(schedule, Duration.ofMinutes(60));
        assertThat(tried).isEqualTo(1);
        outcome = SnapshotSchedule.Outcome.MADE;
        pass(schedule, Duration.ofMinutes(15));
        assertThat(tried).isEqualTo(2);
    }

    @Test
    void oneOfTheFutureDoesNotKeepAnotherFromBeingMade() throws IOException {
        now = now.plus(Duration.ofDays(900));
        make();
        now = now.minus(Duration.ofDays(900));
        tried = 0;
        pass(schedule(), Duration.ofHours(20));
        assertThat(tried).as("and is not made again and again").isEqualTo(1);
    }

    @Test
    void aTokenThatRefusesIsAskedOnce() {
        outcome = SnapshotSchedule.Outcome.KEY_REFUSED;
        pass(schedule(), Duration.ofHours(50));
        assertThat(tried).isEqualTo(1);
    }
}
