package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Tier;

/**
 * Sees to it that a tier holds a bundle of each segment of the keyring, also of those that no pack in it needs (format.md §5.4): a recovery from any tier then has
 * the keys of what only another one holds. Some at a time, for one thread.
 */
final class EverySegment {
    /** After a start, or a failure, what is shipped comes first: most segments get their bundles by that. */
    private static final Duration FIRST = Duration.ofMinutes(10);

    private static final Duration REST = Duration.ofHours(1);
    /** Segments in one step: new studies do not wait for thousands. */
    private static final int AT_ONCE = 4;

    private final Tier tier;
    private final KeyBundles bundles;
    private final Problems problems;
    private final RunningTime time;
    /** Lengths of the segments whose bundles are there. */
    private final Map<Integer, Long> held = new HashMap<>();
    /** Lengths at the last look: what has grown since is being shipped, which brings the bundle. */
    private Map<Integer, Long> seen = Map.of();

    private Duration next;

    EverySegment(Tier tier, KeyBundles bundles, Problems problems, RunningTime time) {
        this.tier = tier;
        this.bundles = bundles;
        this.problems = problems;
        this.time = time;
        this.next = time.now().plus(FIRST);
    }

    /** The tier may be another one, or what it was before. */
    void doubt() {
        held.clear();
        next = time.now().plus(FIRST);
    }

    /**
     * Does a part of it, if it is time.
     *
     * @return whether there is more to do at once
     * @throws StrongroomException retryable ones, of the tier
     */
    boolean step() throws IOException {
        if (seen.isEmpty()) {
            seen = bundles.segments();
        }
        if (time.now().compareTo(next) < 0) {
            return false;
        }
        Map<Integer, Long> now = bundles.segments();
        TreeMap<Integer, Long> due = new TreeMap<>(now);
        due.entrySet()
                .removeIf(segment -> segment.getValue().equals(held.get(segment.getKey()))
                        || !segment.getValue().equals(seen.get(segment.getKey())));
        try {
            int done = 0;
            for (Map.Entry<Integer, Long> segment : due.entrySet()) {
                if (done++ == AT_ONCE) {
                    return true;
                }
                bundles.hold(tier, segment.getKey());
                held.put(segment.getKey(), segment.getValue());
            }
            problems.clear(problem());
        } catch (StrongroomException e) {
            next = time.now().plus(FIRST);
            if (e.kind().retryable()) {
                throw e;
            }
            problems.raise(problem(), e);
            return false;
        }
        seen = now;
        next = time.now().plus(REST);
        return false;
    }

    private String problem() {
        return "segments/" + tier.name();
    }
}
