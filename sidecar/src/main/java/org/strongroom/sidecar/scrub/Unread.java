package org.strongroom.sidecar.scrub;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.round.PutOff;

/**
 * Packs that one tier does not give although it answers: neither damaged nor absent, as far as is known. They are told of and tried
 * again later, so that it holds up no other one. For one thread.
 */
final class Unread {
    private static final Logger LOG = LoggerFactory.getLogger(Unread.class);
    private static final Duration LONGEST = Duration.ofDays(1);
    /** So many in a row, and it is the tier that fails: whoever reads it pauses after each. */
    private static final int TIERS_OWN = 3;

    private final MarkedTier marked;
    private final Problems problems;
    private final PutOff<Long> putOff;
    /** The packs that are told of, and of each why; the oldest first. */
    private final Map<Long, String> told = new LinkedHashMap<>();
    /** What is told of them all: one problem, for there may be thousands. */
    private final String problem;

    private int inARow;

    /**
     * @param what begins the name of the problem
     * @param first how long after its first failure a pack is tried again
     */
    Unread(MarkedTier marked, Problems problems, String what, Duration first, RunningTime time) {
        this.marked = marked;
        this.problems = problems;
        this.problem = what + "/" + marked.name();
        this.putOff = new PutOff<>(first, LONGEST, time);
    }

    /** Packs that are left alone now, by their numbers in the ledger. */
    Set<Long> waiting() {
        return putOff.waiting();
    }

    boolean isWaiting(long pack) {
        return putOff.isWaiting(pack);
    }

    /**
     * It could not be read.
     *
     * @throws StrongroomException if the tier is away or not ours, so that this says nothing of the pack; {@code failure} if it was one of many
     */
    void failed(PackRow pack, StrongroomException failure) {
        marked.requireOurs();
        putOff.failed(pack.id());
        inARow++;
        told.put(pack.id(), pack.pack() + ": " + failure.text());
        tell(failure.kind());
        LOG.debug("pack {} in tier {} is put off", pack.pack(), marked.name(), failure);
        if (inARow >= TIERS_OWN) {
            throw failure;
        }
    }

    /** The tier said of it what it is asked. */
    void over(PackRow pack) {
        inARow = 0;
        putOff.over(pack.id());
        clear(pack.id());
    }

    /** Those that are not {@code wanted} any more are forgotten. */
    void keep(LongPredicate wanted) {
        putOff.keep(wanted::test).forEach(this::clear);
    }

    void tryAgain() {
        putOff.tryAgain();
    }

    /** As a failure of the tier. */
    static StrongroomException broken(java.io.IOException e) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's stream broke")
                .causedBy(e);
    }

    private void clear(long pack) {
        if (told.remove(pack) != null) {
            tell(FailureKind.UNAVAILABLE);
        }
    }

    private void tell(FailureKind kind) {
        if (told.isEmpty()) {
            problems.clear(problem);
            return;
        }
        problems.raise(
                problem,
                kind,
                told.size() + " packs in tier " + marked.name()
                        + " cannot be read now, while others can, and are tried again later: "
                        + told.values().iterator().next() + (told.size() > 1 ? ", among them" : ""),
                "See why the tier does not give them: its disk, its rights, or a rule of the store");
    }
}
