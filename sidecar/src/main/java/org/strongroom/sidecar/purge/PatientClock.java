package org.strongroom.sidecar.purge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.problem.Problems;

/**
 * The time by which something may be deleted for good: the wall clock, unless that has jumped ahead. Then it stands still until
 * the sidecar has run for a day with the new time, so that somebody can see it; the ledger remembers both. A clock that is set
 * back takes this one along at once. Thread-safe.
 */
public final class PatientClock {
    static final Duration TRIAL = Duration.ofDays(1);
    /** What a busy machine, a pass of a purge or a restart may make of the difference between two ticks. */
    static final Duration TOLERANCE = Duration.ofHours(2);

    private static final String TIME = "purge/clock";
    private static final String TRIED = "purge/clock/tried";

    private final TierTable table;
    private final Problems problems;
    private final InstantSource wall;
    private final RunningTime running;
    private Duration before;

    public PatientClock(TierTable table, Problems problems, InstantSource wall, RunningTime running) {
        this.table = table;
        this.problems = problems;
        this.wall = wall;
        this.running = running;
        this.before = running.now();
    }

    /** The time of the last tick; the wall clock's before the first one ever. From any thread. */
    public Instant last() {
        return table.remembered(TIME).map(Instant::parse).orElseGet(wall::instant);
    }

    /** To be called on a new ledger, which remembers no time, with one that has certainly come. */
    public void startAt(Instant known) {
        Instant now = wall.instant();
        table.remember(TIME, (known.isBefore(now) ? known : now).toString());
    }

    /** The time now. To be asked regularly, every hour or more often. */
    public synchronized Instant tick() {
        Duration now = running.now();
        Duration passed = now.minus(before);
        before = now;
        Instant time = wall.instant();
        Instant last = table.remembered(TIME).map(Instant::parse).orElse(time);
        if (!time.isAfter(last.plus(passed).plus(TOLERANCE))) {
            return accept(time);
        }
        Duration tried = table.remembered(TRIED)
                .map(Duration::parse)
                .orElse(Duration.ZERO)
                .plus(passed);
        if (tried.compareTo(TRIAL) >= 0) {
            return accept(time);
        }
        table.remember(TRIED, tried.toString());
        problems.raise(
                TIME,
                FailureKind.REFUSED,
                "this machine's clock was ahead, or the sidecar was off, from " + last + " to " + time
                        + "; nothing is purged until it has run for a day",
                "If the clock is wrong set it right, else wait");
        return last;
    }

    private Instant accept(Instant time) {
        table.remember(TIME, time.toString());
        table.forget(TRIED);
        problems.clear(TIME);
        return time;
    }
}
