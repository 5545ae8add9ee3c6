package org.strongroom.plugin.snapshot;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.SnapshotSettings;
import org.strongroom.core.time.Pulse;
import org.strongroom.core.time.RunningTime;

/**
 * Has a process of its own make a snapshot whenever the newest one is too old. Not in the first minutes: a machine that starts has
 * other things to do. Used by the thread that it starts.
 */
public final class SnapshotSchedule {
    private static final Logger LOG = System.getLogger(SnapshotSchedule.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(30);
    private static final Duration FIRST = Duration.ofMinutes(10);
    private static final Duration SECOND_TRY = Duration.ofHours(1);

    private final SnapshotFolder folder;
    private final SnapshotSettings settings;
    private final Making making;
    private final InstantSource clock;
    private final RunningTime time;
    private Duration next;

    /** Makes a snapshot and returns when it is there, or is known not to be. */
    @FunctionalInterface
    public interface Making {
        /** Whether it is there. */
        boolean make() throws IOException, InterruptedException;
    }

    SnapshotSchedule(Home home, SnapshotSettings settings, Making making, InstantSource clock, RunningTime time) {
        this.folder = new SnapshotFolder(home);
        this.settings = settings;
        this.making = making;
        this.clock = clock;
        this.time = time;
        this.next = time.now().plus(FIRST);
    }

    /** Starts looking. */
    public static AutoCloseable start(
            Home home, SnapshotSettings settings, Making making, InstantSource clock, RunningTime time) {
        SnapshotSchedule schedule = new SnapshotSchedule(home, settings, making, clock, time);
        return new Pulse("strongroom-snapshot", LOOK, schedule::look);
    }

    /** Makes one if it is time. */
    void look() {
        if (time.now().compareTo(next) < 0) {
            return;
        }
        try {
            if (isDue() && !making.make()) {
                next = time.now().plus(SECOND_TRY);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "No snapshot could be made; it is tried again in an hour", e);
            next = time.now().plus(SECOND_TRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isDue() throws IOException {
        Optional<Instant> newest = folder.newest();
        Instant now = clock.instant();
        // One of the future is of a clock that was wrong.
        return newest.isEmpty()
                || newest.get().isAfter(now)
                || !now.isBefore(newest.get().plus(settings.every()));
    }
}
