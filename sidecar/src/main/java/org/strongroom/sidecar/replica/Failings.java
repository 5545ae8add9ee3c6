package org.strongroom.sidecar.replica;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.strongroom.core.time.RunningTime;

/**
 * Which tiers failed a reader lately. One failure is remembered for a minute, each further one twice as long, up to a quarter of
 * an hour; then the tier is tried again as if nothing had been. Thread-safe.
 */
final class Failings {
    static final Duration FIRST = Duration.ofMinutes(1);
    static final Duration LONGEST = Duration.ofMinutes(15);

    private final RunningTime time;
    private final Map<String, Failing> known = new ConcurrentHashMap<>();

    private record Failing(Duration remembered, Duration until) {}

    Failings(RunningTime time) {
        this.time = time;
    }

    void failed(String tier) {
        Duration now = time.now();
        known.compute(tier, (name, before) -> {
            if (before != null && before.until.compareTo(now) > 0) {
                return before; // readers that began together fail together: that is one failure
            }
            Duration twice = before == null ? FIRST : before.remembered.multipliedBy(2);
            Duration remembered = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
            return new Failing(remembered, now.plus(remembered));
        });
    }

    void served(String tier) {
        known.remove(tier);
    }

    boolean isRemembered(String tier) {
        Failing failing = known.get(tier);
        return failing != null && failing.until.compareTo(time.now()) > 0;
    }
}
