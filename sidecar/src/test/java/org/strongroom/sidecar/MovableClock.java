package org.strongroom.sidecar;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.strongroom.core.time.RunningTime;

/** A clock that runs, and that a test moves as well. */
public final class MovableClock implements InstantSource {
    private final RunningTime system = RunningTime.system();
    private volatile Duration passed = Duration.ZERO;
    private volatile Duration wrong = Duration.ZERO;

    @Override
    public Instant instant() {
        return InstantSource.system().instant().plus(passed).plus(wrong);
    }

    /** Time passes. */
    public void advance(Duration by) {
        passed = passed.plus(by);
    }

    /** From now on the wall clock shows a time that is off by so much; no time passes. */
    public void isWrongBy(Duration offset) {
        wrong = offset;
    }

    /** How long it has been running, whatever it shows. */
    public RunningTime running() {
        return () -> system.now().plus(passed);
    }
}
