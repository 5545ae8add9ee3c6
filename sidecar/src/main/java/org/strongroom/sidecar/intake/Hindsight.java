package org.strongroom.sidecar.intake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.TierTable;

/**
 * Dates what was removed at a time that cannot be, by the wall clock. While that shows less than the journal's latest entry either
 * it is behind or that entry was ahead: it is believed after a day, and what it dated is dated again should it turn out to have
 * been behind. The ledger remembers the doubt. For one thread.
 */
final class Hindsight {
    static final Duration TRIAL = Duration.ofDays(1);
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final String DOUBT = "journal/doubt";

    private final FileTable files;
    private final TierTable table;
    private final InstantSource wall;
    private final RunningTime running;
    private Duration before;

    Hindsight(FileTable files, TierTable table, InstantSource wall, RunningTime running) {
        this.files = files;
        this.table = table;
        this.wall = wall;
        this.running = running;
        this.before = running.now();
    }

    /** To be called regularly, with the latest time the journal has, of entries of the future too. */
    void date(Instant latest) {
        Instant now = wall.instant();
        Optional<Duration> doubt = table.remembered(DOUBT).map(Duration::parse);
        if (now.isBefore(latest)) {
            if (isOver(doubt)) {
                files.dateRemovals(now);
            }
            return;
        }
        if (doubt.isPresent()) {
            if (believed(doubt.get())) {
                files.dateRemovalsAgain(now);
            }
            table.forget(DOUBT);
        }
        files.dateRemovals(now);
    }

    private static boolean believed(Duration doubt) {
        return doubt.compareTo(TRIAL) >= 0;
    }

    /** Whether the doubt has lasted for the trial; counts on in steps, to spare the disk. */
    private boolean isOver(Optional<Duration> doubt) {
        if (doubt.isEmpty()) {
            before = running.now();
            table.remember(DOUBT, Duration.ZERO.toString());
            return false;
        }
        if (believed(doubt.get())) {
            return true;
        }
        Duration now = running.now();
        Duration passed = now.minus(before);
        if (passed.compareTo(STEP) >= 0) {
            before = now;
            table.remember(DOUBT, doubt.get().plus(passed).toString());
        }
        return false;
    }
}
