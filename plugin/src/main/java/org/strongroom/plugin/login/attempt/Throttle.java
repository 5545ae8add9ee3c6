package org.strongroom.plugin.login.attempt;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes guessing slow: each failure beyond some free ones doubles a wait. An attempt counts as a failure until it is known to
 * be none, so that many at once gain nothing. Kept in memory, and bounded. Thread-safe.
 */
public final class Throttle {
    private static final Duration FORGOTTEN = Duration.ofHours(12);
    private static final int MOST = 50_000;
    private static final int MOST_DOUBLINGS = 20;

    private final InstantSource clock;
    private final Map<String, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > MOST;
        }
    };

    public Throttle(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What attempts are counted under.
     *
     * @param free failures that cost nothing
     * @param longest wait
     * @param own whether a success takes all failures back, and not just this attempt: it shows who they were
     */
    record Limit(String key, int free, Duration longest, boolean own) {}

    private record Count(int failures, Instant next, Instant last) {}

    /**
     * An attempt that may be made, or not.
     *
     * @param delay until another may be made; zero if this one may
     * @param lockedOut whether this attempt, if it fails, makes somebody wait who did not wait before
     */
    public record Attempt(List<Limit> limits, Duration delay, boolean lockedOut) {
        public boolean permitted() {
            return delay.isZero();
        }
    }

    /** Asks for an attempt. One that is not permitted is not counted: it was not made. */
    synchronized Attempt begin(List<Limit> limits) {
        Instant now = clock.instant();
        Duration wait = Duration.ZERO;
        for (Limit limit : limits) {
            Duration here = Duration.between(now, count(limit.key(), now).next());
            // A clock that was set back must not make anybody wait longer than the limit says.
            Duration bounded = here.compareTo(limit.longest()) > 0 ? limit.longest() : here;
            wait = bounded.compareTo(wait) > 0 ? bounded : wait;
        }
        boolean lockedOut = false;
        if (wait.isZero()) {
            for (Limit limit : limits) {
                int failures = count(limit.key(), now).failures() + 1;
                lockedOut |= failures == limit.free();
                counts.put(limit.key(), new Count(failures, now.plus(waitAfter(failures, limit)), now));
            }
        }
        return new Attempt(limits, wait, lockedOut);
    }

    /** Takes back that the attempt was counted as a failure. */
    synchronized void succeeded(Attempt attempt) {
        Instant now = clock.instant();
        for (Limit limit : attempt.limits()) {
            int failures = limit.own() ? 0 : Math.max(0, count(limit.key(), now).failures() - 1);
            if (failures == 0) {
                counts.remove(limit.key());
            } else {
                counts.put(limit.key(), new Count(failures, now, now));
            }
        }
    }

    /**
     * Takes back an attempt of which nobody knows whether it was right: nothing was learned by it. For the place it counts all the same, or
     * it could ask without end.
     */
    synchronized void takeBack(Attempt attempt) {
        Instant now = clock.instant();
        for (Limit limit : attempt.limits()) {
            if (!limit.own()) {
                continue;
            }
            int failures = Math.max(0, count(limit.key(), now).failures() - 1);
            counts.put(limit.key(), new Count(failures, now, now));
        }
    }

    private Count count(String key, Instant now) {
        Count count = counts.get(key);
        boolean fresh = count == null || now.isAfter(count.last().plus(FORGOTTEN));
        return fresh ? new Count(0, now, now) : count;
    }

    private static Duration waitAfter(int failures, Limit limit) {
        if (failures < limit.free()) {
            return Duration.ZERO;
        }
        Duration wait = Duration.ofSeconds(1L << Math.min(MOST_DOUBLINGS, failures - limit.free()));
        return wait.compareTo(limit.longest()) > 0 ? limit.longest() : wait;
    }
}
