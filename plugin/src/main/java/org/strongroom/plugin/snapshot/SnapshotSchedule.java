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
    /** As long as this process lives. */
    private static final Duration NEVER = Duration.ofDays(365_000);

    private final SnapshotFolder folder;
    private final SnapshotSettings settings;
    private final Making making;
    private final InstantSource clock;
    private final RunningTime time;
    private Duration next;

    /** Makes a snapshot and returns when it is there, or is known not to be. */
    @FunctionalInterface
    public interface Making {
        Outcome make() throws IOException, InterruptedException;
    }

    /** How making one ended. */
    public enum Outcome {
        MADE,
        FAILED,
        /** The source of the root key took the PIN or the token for a wrong one: some lock themselves after a few. */
        KEY_REFUSED
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
            if (isDue()) {
                Duration pause = pause(making.make());
                next = time.now().plus(pause);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "No snapshot could be made; it is tried again in an hour", e);
            next = time.now().plus(SECOND_TRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause(Outcome outcome) {
        return switch (outcome) {
            case MADE -> settings.every();
            case FAILED -> SECOND_TRY;
            case KEY_REFUSED -> NEVER;
        };
    }

    private boolean isDue() throws IOException {
        Instant now = clock.instant();
        Optional<Instant> newest = folder.newest(now);
        return newest.isEmpty() || !now.isBefore(newest.get().plus(settings.every()));
    }
}
