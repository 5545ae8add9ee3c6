package org.strongroom.sidecar.tier;

import java.time.Duration;

/** Waits; a test's waits are short. */
@FunctionalInterface
public interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
}
