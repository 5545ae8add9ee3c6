package org.strongroom.core.time;

import java.time.Duration;

/** How long something has been running, whatever happens to the wall clock. A test's one is moved by hand. Thread-safe. */
@FunctionalInterface
public interface RunningTime {
    /** Time since some moment that is the same for the life of this process; never goes back. */
    Duration now();

    /** The system's. */
    static RunningTime system() {
        return () -> Duration.ofNanos(System.nanoTime());
    }
}
