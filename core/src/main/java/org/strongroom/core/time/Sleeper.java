package org.strongroom.core.time;

import java.time.Duration;

/** Waits. A test's sleeper only notes for how long. Thread-safe. */
@FunctionalInterface
public interface Sleeper {
    /** The real one. */
    Sleeper SYSTEM = duration -> Thread.sleep(duration.toMillis());

    /** Returns after {@code duration}, or throws if the thread is interrupted before. */
    void sleep(Duration duration) throws InterruptedException;
}
