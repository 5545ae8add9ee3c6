package org.strongroom.sidecar.uplink;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When the next bytes may go: never more than the limit within any second, and evenly within it. What was missed because a
 * thread woke late is made up for within the second. For one thread at a time.
 */
final class Pace {
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** So much of a second may go at once. */
    private static final double BURST = 0.1;

    private final Deque<Grant> lastSecond = new ArrayDeque<>();
    private long sent;
    private double saved;
    private Duration looked = Duration.ZERO;

    private record Grant(Duration at, long bytes) {}

    /**
     * How long {@code bytes} must wait; zero if they may go now.
     *
     * @param bytes at most what goes in a second
     */
    Duration pause(long bytes, long perSecond, Duration now) {
        double most = Math.max((double) bytes, perSecond * BURST);
        saved = Math.min(most, saved + perSecond * seconds(now.minus(looked)));
        looked = now;
        while (!lastSecond.isEmpty() && lastSecond.peek().at.plus(SECOND).compareTo(now) <= 0) {
            sent -= lastSecond.remove().bytes;
        }
        Duration saving = Duration.ofNanos((long) Math.ceil(Math.max(0, bytes - saved) / perSecond * 1e9));
        Duration window = Duration.ZERO;
        long excess = sent + bytes - perSecond;
        for (Grant grant : lastSecond) {
            if (excess <= 0) {
                break;
            }
            excess -= grant.bytes;
            window = grant.at.plus(SECOND).minus(now);
        }
        return saving.compareTo(window) > 0 ? saving : window;
    }

    /** They go now. */
    void spend(long bytes, Duration now) {
        lastSecond.add(new Grant(now, bytes));
        sent += bytes;
        saved -= bytes;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
