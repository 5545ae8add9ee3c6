package org.strongroom.sidecar.ship;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Tier;

/**
 * Uploads in one tier that this ledger does not know: they are paid for and lead nowhere, because it was lost, or their plan was taken back.
 * For one thread.
 */
final class OrphanUploads {
    private static final String PACKS = "packs/";
    private static final String HEADS = "heads/";
    private static final Duration BETWEEN = Duration.ofDays(1);

    private final Tier tier;
    private final CopyTable copies;
    private final Problems problems;
    private final RunningTime time;
    private Duration next;
    /** Those of heads that were there at the last look: whoever sends some takes less than a day. */
    private Set<String> heads = Set.of();

    OrphanUploads(Tier tier, CopyTable copies, Problems problems, RunningTime time) {
        this.tier = tier;
        this.copies = copies;
        this.problems = problems;
        this.time = time;
        this.next = time.now();
    }

    /**
     * Gives them up, once a day. A tier that does not let them be seen or given up is used all the same.
     *
     * @throws StrongroomException UNAVAILABLE or FULL if the tier is away or full: later
     */
    void drop() {
        if (time.now().compareTo(next) < 0) {
            return;
        }
        String problem = "ship/uploads/" + tier.name();
        try {
            abort();
            problems.clear(problem);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            problems.raise(problem, e);
        }
        next = time.now().plus(BETWEEN);
    }

    private void abort() {
        Set<String> ours = copies.uploads(tier.name());
        Set<String> begun = new HashSet<>();
        for (Tier.Upload upload : tier.uploads()) {
            boolean lost = upload.name().startsWith(PACKS) && !ours.contains(upload.id());
            if (upload.name().startsWith(HEADS)) {
                begun.add(upload.id());
                lost = heads.contains(upload.id());
            }
            if (lost) {
                tier.abort(upload.name(), upload.id());
            }
        }
        heads = begun;
    }
}
