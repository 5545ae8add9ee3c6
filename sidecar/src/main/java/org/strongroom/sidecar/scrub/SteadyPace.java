package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.receipt.CopyCheck;

/**
 * Holds reading to a rate, so that one large pack does not take the whole line while it is read, and to next to nothing while somebody
 * waits for a tier: one piece every few seconds, so that the store does not hang up. For one thread.
 */
final class SteadyPace implements CopyCheck.Pace {
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final LongSupplier perSecond;
    private final BooleanSupplier awaited;
    private final RunningTime time;
    private final Sleeper sleeper;
    private Duration due;

    /**
     * @param perSecond bytes, now
     * @param awaited whether readers wait for a tier
     */
    SteadyPace(LongSupplier perSecond, BooleanSupplier awaited, RunningTime time, Sleeper sleeper) {
        this.perSecond = perSecond;
        this.awaited = awaited;
        this.time = time;
        this.sleeper = sleeper;
        this.due = time.now();
    }

    @Override
    public void passed(long bytes) throws IOException {
        Duration now = time.now();
        due = due.compareTo(now) < 0 ? now : due;
        due = due.plus(Duration.ofMillis(bytes * 1_000 / Math.max(1, perSecond.getAsLong())));
        Duration latest = now.plus(LONGEST);
        due = due.compareTo(latest) < 0 ? due : latest; // what a slow moment cost is not owed when the line is better
        Duration early = due.minus(now);
        if (early.compareTo(SHORTEST) > 0) {
            sleep(early);
        }
        Duration end = time.now().plus(LONGEST);
        while (awaited.getAsBoolean() && time.now().compareTo(end) < 0) {
            sleep(SHORTEST);
        }
    }

    private void sleep(Duration pause) throws IOException {
        try {
            sleeper.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while reading slowly");
        }
    }
}
