package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.receipt.CopyCheck;

/** Holds reading to a rate, so that one large pack does not take the whole line while it is read. For one thread. */
final class SteadyPace implements CopyCheck.Pace {
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final long perSecond;
    private final RunningTime time;
    private final Sleeper sleeper;
    private Duration due;

    SteadyPace(long perSecond, RunningTime time, Sleeper sleeper) {
        this.perSecond = Math.max(1, perSecond);
        this.time = time;
        this.sleeper = sleeper;
        this.due = time.now();
    }

    @Override
    public void passed(long bytes) throws IOException {
        Duration now = time.now();
        due = due.compareTo(now) < 0 ? now : due;
        due = due.plus(Duration.ofMillis(bytes * 1_000 / perSecond));
        Duration early = due.minus(now);
        if (early.compareTo(SHORTEST) > 0) {
            try {
                sleeper.sleep(early.compareTo(LONGEST) < 0 ? early : LONGEST);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("stopped while reading slowly");
            }
        }
    }
}
