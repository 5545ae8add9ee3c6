package org.strongroom.sidecar.purge;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Locked;

/** Deletes one copy of a pack from its tier. Whether it may be the caller knows. Thread-safe. */
public final class CopyDeletion {
    private final CopyTable copies;
    private final Tiers tiers;
    private final Problems problems;

    public CopyDeletion(CopyTable copies, Tiers tiers, Problems problems) {
        this.copies = copies;
        this.tiers = tiers;
        this.problems = problems;
    }

    /**
     * What became of it.
     *
     * @param gone whether the tier does not have it any more
     * @param lockedUntil if that is why it has
     * @param away whether the tier did not answer, so that it may not have it either
     */
    public record Outcome(boolean gone, Optional<Instant> lockedUntil, boolean away) {
        private static final Outcome GONE = new Outcome(true, Optional.empty(), false);

        private static Outcome locked(Instant until) {
            return new Outcome(false, Optional.of(until), false);
        }

        private static Outcome later(boolean away) {
            return new Outcome(false, Optional.empty(), away);
        }
    }

    /** Until when nobody can delete it, as the store said; empty if that may be tried. */
    public Optional<Instant> lockedUntil(CopyRow copy, Instant now) {
        return Optional.of(copies.lockedUntil(copy)).filter(now::isBefore);
    }

    /** Tries it; a failure is a problem until it goes. */
    public Outcome delete(PackRow pack, CopyRow copy, Instant now) {
        return delete(pack, copy, now, (its, gone) -> copies.purged(gone));
    }

    /** The same, of a copy that is noted as gone in another way. */
    public Outcome delete(PackRow pack, CopyRow copy, Instant now, BiConsumer<PackRow, CopyRow> note) {
        String name = PackPrologue.objectName(pack.pack());
        Optional<Instant> locked = lockedUntil(copy, now);
        if (locked.isPresent()) {
            return Outcome.locked(locked.get());
        }
        MarkedTier tier = tiers.get(copy.tier());
        try {
            tier.requireOurs();
            if (copy.upload() != null) {
                tier.tier().abort(name, copy.upload());
            }
            tier.tier().delete(name);
            note.accept(pack, copy);
            problems.clear("purge/" + copy.tier());
            return Outcome.GONE;
        } catch (StrongroomException e) {
            Optional<Instant> until = Locked.until(e);
            if (until.isPresent()) {
                copies.locked(copy, until.get());
                return Outcome.locked(until.get());
            }
            problems.raise("purge/" + copy.tier(), e);
            return Outcome.later(e.kind().retryable());
        }
    }
}
