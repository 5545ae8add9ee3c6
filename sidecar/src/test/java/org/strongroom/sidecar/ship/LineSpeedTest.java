package org.strongroom.sidecar.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.settings.Rate;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;

class LineSpeedTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    @TempDir
    Path folder;

    /** A router that hangs is often cured by starting everything anew. */
    @Test
    void aLineThatBrokeIsShakyForAnHourAlsoAfterARestart() throws Exception {
        try (Ledger ledger = Ledger.open(folder.resolve("ledger.db"), NOON)) {
            TierTable table = new TierTable(ledger);
            LineSpeed before = speed(table, NOON, Duration.ofDays(3));
            assertThat(before.isShaky()).isFalse();
            before.broke();
            assertThat(before.isShaky()).isTrue();

            assertThat(speed(table, NOON.plusSeconds(3000), Duration.ZERO).isShaky())
                    .isTrue();
            assertThat(speed(table, NOON.plusSeconds(3601), Duration.ZERO).isShaky())
                    .isFalse();
            assertThat(speed(table, NOON.minusSeconds(60), Duration.ZERO).isShaky())
                    .as("by a clock that was ahead")
                    .isFalse();
        }
    }

    /** Where it is signed a body is read twice at once; what is tried again is read again after a while. */
    @Test
    void onlyWhatIsReadAgainLaterWasCut() throws Exception {
        try (Ledger ledger = Ledger.open(folder.resolve("ledger.db"), NOON)) {
            TierTable table = new TierTable(ledger);
            assertThat(pauseWhereReadAgainAfter(Duration.ofMillis(499), table)).isZero();
            assertThat(pauseWhereReadAgainAfter(Duration.ofMillis(500), table)).isPositive();
        }
    }

    /** Of a part that waited for a timetable, or for others, nobody can tell how long the line took. */
    @Test
    void whatWaitedForItsTurnSaysNothingOfTheLine() throws Exception {
        assertThat(measuredBehind(Duration.ofMillis(900)))
                .hasValueSatisfying(known -> assertThat(known).isBetween(490L, 530L));
        assertThat(measuredBehind(Duration.ofMillis(1100))).isEmpty();
    }

    /** Of a thousand bytes that take a second, when they may go. */
    private Optional<Long> measuredBehind(Duration held) throws Exception {
        Duration[] now = {Duration.ofDays(3)};
        InstantSource clock = () -> NOON.plus(now[0]);
        Uplink uplink =
                new Uplink(Timetable.always(Rate.UNLIMITED), clock, () -> now[0], pause -> now[0] = now[0].plus(pause));
        try (Ledger ledger = Ledger.open(folder.resolve(held + ".db"), NOON)) {
            LineSpeed line = new LineSpeed("near", new TierTable(ledger), uplink, clock, () -> now[0]);
            line.send(1_000, () -> {
                uplink.limit(Rate.OFF, clock.instant().plus(held));
                Priority.NEW.during(() -> uplink.take(1_000));
                now[0] = now[0].plusSeconds(1);
                return now[0];
            });
            return line.perSecond();
        }
    }

    @Test
    void whatIsBrokenOffOnPurposeIsNoCut() throws Exception {
        try (Ledger ledger = Ledger.open(folder.resolve("ledger.db"), NOON)) {
            LineSpeed line = speed(new TierTable(ledger), NOON, Duration.ofDays(3));
            assertThatThrownBy(() -> line.send(100, () -> {
                        line.breaksOff();
                        throw new IOException("not wanted any more");
                    }))
                    .isInstanceOf(IOException.class);
            assertThat(line.isShaky()).isFalse();
            assertThat(line.breaks()).isZero();
            assertThatThrownBy(() -> line.send(100, () -> {
                        throw new IOException("the line is cut");
                    }))
                    .isInstanceOf(IOException.class);
            assertThat(line.isShaky()).isTrue();
            assertThat(line.breaks()).isEqualTo(1);
        }
    }

    /** Six parts of 82 seconds, begun every 90. */
    private static Duration pauseWhereReadAgainAfter(Duration gap, TierTable table) throws Exception {
        Duration[] now = {Duration.ofDays(3)};
        LineSpeed line = new LineSpeed("near", table, Uplink.unlimited(), () -> NOON, () -> now[0]);
        for (int part = 0; part < 6; part++) {
            Duration begun = Duration.ofDays(3).plusSeconds(90L * part);
            now[0] = begun;
            line.send(100, () -> {
                line.reads();
                now[0] = begun.plus(gap);
                line.reads();
                now[0] = begun.plusSeconds(82);
                return begun;
            });
        }
        assertThat(line.isShaky()).as("what is read again may have been cut").isTrue();
        return line.pauseBefore(100);
    }

    private static LineSpeed speed(TierTable table, Instant clock, Duration running) {
        return new LineSpeed("near", table, Uplink.unlimited(), () -> clock, () -> running);
    }
}
