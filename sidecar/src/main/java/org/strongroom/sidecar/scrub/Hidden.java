package org.strongroom.sidecar.scrub;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;

/**
 * Packs that somebody hid behind delete markers: in a bucket with versions that is all that an attacker can do who may delete
 * but not end locks. They are brought to light where that is allowed, and everybody is told. Thread-safe.
 */
final class Hidden {
    private static final Logger LOG = LoggerFactory.getLogger(Hidden.class);

    private final Problems problems;
    private final Map<String, Found> found = new ConcurrentHashMap<>();

    Hidden(Problems problems) {
        this.problems = problems;
    }

    /**
     * How many were hidden in a tier since a count last found none.
     *
     * @param covered of them, those whose markers may not be removed
     */
    private record Found(long all, long covered) {
        Found plus(Found more) {
            return new Found(all + more.all, covered + more.covered);
        }
    }

    /** Whether the object is seen again, because it was hidden. Told by {@link #tell}. */
    boolean reveal(MarkedTier marked, String object) {
        if (!marked.tier().isHidden(object)) {
            return false;
        }
        boolean seen = false;
        try {
            marked.tier().reveal(object);
            seen = marked.tier().head(object).isPresent();
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            LOG.warn("{} in tier {} stays hidden: {}", object, marked.name(), e.getMessage());
        }
        found.merge(marked.name(), new Found(1, seen ? 0 : 1), Found::plus);
        return seen;
    }

    /** A problem, as long as there is something to tell. */
    void tell(String tier) {
        Found now = found.get(tier);
        if (now == null) {
            problems.clear(problem(tier));
            return;
        }
        problems.raise(
                problem(tier),
                FailureKind.CORRUPT,
                now.all + " packs were hidden by delete markers in tier " + tier
                        + (now.covered == 0
                                ? "; they are seen again"
                                : "; " + now.covered + " of them stay hidden, and are sent again"),
                "Find out who deleted them, and change the credentials that were used"
                        + (now.covered == 0 ? "" : "; with DeleterCredentialsFile they need not be sent again"));
    }

    /** A count begins: what it does not find is over. */
    void forget(String tier) {
        found.remove(tier);
    }

    private static String problem(String tier) {
        return "scrub/hidden/" + tier;
    }
}
