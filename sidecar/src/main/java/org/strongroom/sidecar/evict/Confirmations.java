package org.strongroom.sidecar.evict;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.strongroom.core.control.Kept;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Tier;

/** Whether enough tiers still hold a pack. Thread-safe. */
public final class Confirmations {
    /** Where a mistake costs a fetch, not a copy, a tier is asked again once a day. */
    private static final Duration FRESH = Duration.ofDays(1);

    private final Tiers tiers;
    private final CopyTable copies;
    private final Problems problems;
    private final InstantSource clock;
    /** Tiers that did not answer since {@link #begin}: each is waited for once. */
    private final Set<String> away = new HashSet<>();

    public Confirmations(Tiers tiers, CopyTable copies, Problems problems, InstantSource clock) {
        this.tiers = tiers;
        this.copies = copies;
        this.problems = problems;
        this.clock = clock;
    }

    /** Another pass begins, in which every tier may answer again. */
    public void begin() {
        away.clear();
    }

    /** Why the local bytes of a pack must stay; empty if they may go. */
    public Optional<String> reasonToKeep(PackRow pack) {
        return reasonToKeep(pack, tier -> true, FRESH);
    }

    /**
     * Why the copy of a pack in a tier must stay; empty if enough others hold it.
     *
     * @param asked whether each of them is asked now, whatever it said lately
     */
    public Optional<String> reasonToKeepIn(String tier, PackRow pack, boolean asked) {
        return reasonToKeep(pack, other -> !other.equals(tier), asked ? Duration.ZERO : FRESH);
    }

    private Optional<String> reasonToKeep(PackRow pack, Predicate<String> counts, Duration fresh) {
        Set<String> received = new HashSet<>();
        Set<String> confirmed = new HashSet<>();
        for (CopyRow copy : copies.of(pack.id())) {
            if (copy.state() == CopyState.RECEIVED && counts.test(copy.tier())) {
                received.add(copy.tier());
                if (isConfirmed(pack, copy, fresh)) {
                    confirmed.add(copy.tier());
                }
            }
        }
        if (tiers.suffice(pack.owner(), confirmed)) {
            return Optional.empty();
        }
        return Optional.of(
                tiers.suffice(pack.owner(), received) ? "a tier does not confirm its copy now" : Kept.NOT_RECEIVED);
    }

    private boolean isConfirmed(PackRow pack, CopyRow copy, Duration fresh) {
        Instant now = clock.instant();
        if (copy.seen() != null
                && !copy.seen().isAfter(now)
                && copy.seen().plus(fresh).isAfter(now)) {
            return true; // seen in the future is seen by a clock that was wrong
        }
        if (away.contains(copy.tier())) {
            return false;
        }
        MarkedTier tier = tiers.get(copy.tier());
        try {
            tier.requireOurs();
            Optional<Tier.ObjectInfo> info = tier.tier().head(PackPrologue.objectName(pack.pack()));
            if (info.isPresent() && info.get().size() == pack.bytes()) {
                copies.seen(copy, now);
                return true;
            }
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                away.add(copy.tier());
            }
            problems.raise("evict/" + copy.tier(), e);
            return false;
        }
        problems.clear("evict/" + copy.tier());
        if (!copies.isMissed(copy)) {
            return false;
        }
        copies.suspect(copy);
        problems.raise(
                "fetch/" + copy.tier() + "/" + pack.pack(),
                FailureKind.CORRUPT,
                "pack " + pack.pack() + " is gone from tier " + copy.tier() + ", or has another size there",
                "Find out who changes objects in this tier");
        return false;
    }
}
