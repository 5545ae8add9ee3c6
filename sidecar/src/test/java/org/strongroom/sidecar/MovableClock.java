package org.strongroom.sidecar;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that runs, and that a test moves forward as well. */
public final class MovableClock implements InstantSource {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
        return InstantSource.system().instant().plus(ahead);
    }

    public void advance(Duration by) {
        ahead = ahead.plus(by);
    }
}
