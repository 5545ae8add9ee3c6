package org.strongroom.sidecar.scrub;

import java.time.Duration;

/**
 * How the tiers are read again.
 *
 * @param enabled whether they are
 * @param period within so long every copy
 * @param dailyLimit bytes that are read from one tier in a day, on average; has precedence
 */
public record ScrubRules(boolean enabled, Duration period, long dailyLimit) {
    public ScrubRules {
        if (period.isNegative() || period.isZero() || dailyLimit < 1) {
            throw new IllegalArgumentException("period " + period + ", daily limit " + dailyLimit);
        }
    }

    /** A copy younger than this is left alone: what one busy week brought is spread over the other half of the period. */
    Duration rest() {
        return period.dividedBy(2);
    }

    /** How long after reading so many of all bytes nothing is read, so that everything has its turn and the limit is kept. */
    public Duration pauseAfter(long bytes, long all) {
        double share = (double) bytes / Math.max(bytes, all);
        double even = rest().toMillis() * share;
        double limited = (double) Duration.ofDays(1).toMillis() * bytes / dailyLimit;
        return Duration.ofMillis((long) Math.max(even, limited));
    }
}
