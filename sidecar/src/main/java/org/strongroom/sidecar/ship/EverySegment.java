package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Tier;

/**
 * Sees to it that a tier holds a bundle of each segment of the keyring, also of those that no pack in it needs (format.md §5.4): a recovery from any tier then has
 * the keys of what only another one holds. Some at a time, for one thread.
 */
final class EverySegment {
    private static final Logger LOG = LoggerFactory.getLogger(EverySegment.class);
    /** After a start, or while the tier is away, what is shipped comes first: most segments get their bundles by that. */
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
    /** Those that could not be done in this pass. */
    private final Set<Integer> failed = new HashSet<>();

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
        failed.clear();
        next = time.now().plus(FIRST);
    }

    /**
     * Does a part of it, if it is time. A segment that cannot be read here, or that the tier does not take, is told and tried again later; it holds up no
     * other one, and nothing that is shipped.
     *
     * @return whether there is more to do at once
     * @throws StrongroomException retryable ones, of the tier
     */
    boolean step() {
        try {
            if (seen.isEmpty()) {
                seen = bundles.segments();
            }
            return time.now().compareTo(next) >= 0 && step(bundles.segments());
        } catch (IOException e) {
            next = time.now().plus(REST);
            raise("the segments of the keyring cannot be listed", e);
            return false;
        }
    }

    private boolean step(Map<Integer, Long> now) {
        TreeMap<Integer, Long> due = new TreeMap<>(now);
        due.entrySet()
                .removeIf(segment -> segment.getValue().equals(held.get(segment.getKey()))
                        || !segment.getValue().equals(seen.get(segment.getKey()))
                        || failed.contains(segment.getKey()));
        int done = 0;
        for (Map.Entry<Integer, Long> segment : due.entrySet()) {
            if (done++ == AT_ONCE) {
                return true;
            }
            if (hold(segment.getKey())) {
                held.put(segment.getKey(), segment.getValue());
            } else {
                failed.add(segment.getKey());
            }
        }
        if (failed.isEmpty()) {
            problems.clear(problem());
        }
        failed.clear();
        seen = now;
        next = time.now().plus(REST);
        return false;
    }

    /** Of those that fail in one pass the first is told. */
    private boolean hold(int segment) {
        try {
            bundles.hold(tier, segment);
            return true;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                next = time.now().plus(FIRST);
                throw e;
            }
            LOG.debug("segment {} of the keyring gets no bundle in tier {}", segment, tier.name(), e);
            if (failed.isEmpty()) {
                problems.raise(problem(), e);
            }
        } catch (IOException e) {
            if (failed.isEmpty()) {
                raise("segment " + segment + " of the keyring got no bundle", e);
            }
        }
        return false;
    }

    private void raise(String what, IOException e) {
        LOG.debug("{}", what, e);
        problems.raise(
                problem(),
                FailureKind.UNAVAILABLE,
                what + ", so tier " + tier.name() + " may lack its keys: " + e,
                "Look at Home's disk");
    }

    private String problem() {
        return "segments/" + tier.name();
    }
}
