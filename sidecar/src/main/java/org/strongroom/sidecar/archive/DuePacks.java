package org.strongroom.sidecar.archive;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/** One tier's packs that the store is to move, one after the other; one that cannot be moved is left alone for a while. For one thread. */
final class DuePacks {
    private final MarkedTier marked;
    private final PackTable packs;
    private final Replicas replicas;
    private final Problems problems;
    private final Uplink uplink;
    private final RunningTime time;
    private final String problem;
    private final Duration secondTry;
    /** Until when, in running time, a pack is left alone that could not be moved. */
    private final Map<Long, Duration> held = new HashMap<>();

    private Duration nextPass;
    private long behind;

    /** What is done with one pack. */
    @FunctionalInterface
    interface Move {
        void run(CopyRow copy, PackRow pack) throws IOException;
    }

    /**
     * @param problem name of the problem that some cannot be moved
     * @param secondTry after this
     */
    DuePacks(
            MarkedTier marked,
            PackTable packs,
            Replicas replicas,
            Problems problems,
            Uplink uplink,
            RunningTime time,
            String problem,
            Duration secondTry) {
        this.marked = marked;
        this.packs = packs;
        this.replicas = replicas;
        this.problems = problems;
        this.uplink = uplink;
        this.time = time;
        this.problem = problem;
        this.secondTry = secondTry;
        this.nextPass = time.now();
    }

    /** Whether one may be moved now. */
    boolean isTime() {
        Duration now = time.now();
        if (marked.archive().isEmpty() || !marked.takesStudies() || !uplink.isOpen() || now.compareTo(nextPass) < 0) {
            return false;
        }
        held.values().removeIf(until -> until.compareTo(now) <= 0);
        return true;
    }

    /** The next one is behind this pack. */
    long behind() {
        return behind;
    }

    /**
     * Moves it, or leaves it alone.
     *
     * @return whether the store may move others
     * @throws StrongroomException UNAVAILABLE if the tier is away or not ours: later
     */
    boolean move(CopyRow copy, Move move) throws IOException {
        behind = copy.pack();
        Optional<PackRow> pack = packs.find(behind);
        if (pack.isEmpty() || held.containsKey(behind)) {
            return true;
        }
        marked.expectOurs();
        try {
            Priority.REPLICATION.during(() -> move.run(copy, pack.get()));
            return true;
        } catch (StrongroomException e) {
            return DeletedMeanwhile.isDeletedAgain(marked, packs, pack.get()) || !isRefused(copy, pack.get(), e);
        }
    }

    private boolean isRefused(CopyRow copy, PackRow pack, StrongroomException e) {
        StrongroomException judged = replicas.doubt(pack, new Replicas.Source(marked, copy), e);
        if (judged.kind().retryable()) {
            throw judged;
        }
        if (judged.kind() == FailureKind.ARCHIVED) {
            return false; // somebody else archived it; if without its heads, the scrub says so
        }
        held.put(pack.id(), time.now().plus(secondTry));
        problems.raise(problem, judged);
        return judged.kind() == FailureKind.REFUSED;
    }

    /** Begins with the first one again. */
    void startOver() {
        behind = 0;
    }

    /** None is moved for a while; then it goes on. */
    void pause(Duration pause) {
        nextPass = time.now().plus(pause);
    }

    /** All had their turn. */
    void finish(Duration pause) {
        startOver();
        pause(pause);
        if (held.isEmpty()) {
            problems.clear(problem);
        }
    }
}
