package org.strongroom.plugin.watch;

import java.time.Duration;
import org.strongroom.core.time.RunningTime;

/** Which failures are told with the image that they are about: each is a session of its own then, and an outage would make more than anybody reads. Thread-safe. */
final class NamedFailures {
    /** So many */
    static final int MOST = 100;
    /** within this. */
    static final Duration WITHIN = Duration.ofMinutes(10);

    private final RunningTime time;
    private Duration begun;
    private int count;

    NamedFailures(RunningTime time) {
        this.time = time;
    }

    /** One more; whether its image is named. */
    synchronized boolean isNamed() {
        Duration now = time.now();
        if (begun == null || now.minus(begun).compareTo(WITHIN) >= 0) {
            begun = now;
            count = 0;
        }
        if (count == MOST) {
            return false;
        }
        count++;
        return true;
    }
}
