package org.strongroom.sidecar.tier;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often one call is tried and how long it waits in between: twice as long each time, with jitter, so that many callers do
 * not come back together. Immutable.
 *
 * @param attempts at least 1
 * @param first the longest wait before the second attempt
 * @param longest no wait is longer
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {
    /** Under a minute in all; whoever has more patience than that calls again. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(20));

    public RetryPolicy {
        if (attempts < 1 || first.isNegative() || first.compareTo(longest) > 0) {
            throw new IllegalArgumentException("attempts " + attempts + ", first " + first + ", longest " + longest);
        }
    }

    /** The wait after {@code failed} failed attempts: between half of and the whole longest wait. */
    Duration pause(int failed, RandomGenerator random) {
        long most = first.toMillis() << Math.min(failed - 1, 20);
        long bounded = Math.min(most, longest.toMillis());
        return Duration.ofMillis(bounded / 2 + random.nextLong(bounded / 2 + 1));
    }
}
