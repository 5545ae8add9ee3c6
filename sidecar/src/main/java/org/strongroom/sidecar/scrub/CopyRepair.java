package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.purge.DeletionBudget;
import org.strongroom.sidecar.receipt.CopyCheck;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.ship.LocalPack;

/**
 * Puts one tier's suspect copies right. An object is deleted only after all bytes of another copy were read and are right, so
 * that a damaged last copy stays for a person to look at. For one thread.
 */
final class CopyRepair {
    private static final Logger LOG = LoggerFactory.getLogger(CopyRepair.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    /** Between two full looks at one copy. */
    private static final Duration LOOK = Duration.ofDays(1);

    private static final int PAGE = 100;
    private static final int MOST_VERSIONS = 20;

    private final Home home;
    private final MarkedTier marked;
    private final PackTable packs;
    private final CopyTable copies;
    private final TierTable table;
    private final Replicas replicas;
    private final Hidden hidden;
    private final DeletionBudget budget;
    private final Problems problems;
    private final Consumer<AuditEvent> audit;
    private final RunningTime time;
    private final Map<Long, Duration> looked = new HashMap<>();
    /** Packs whose copy is damaged and waits for the budget: nothing is read again for them until then. */
    private final Set<Long> refused = new HashSet<>();

    private final Unread unread;
    private Duration next;

    CopyRepair(
            Home home,
            MarkedTier marked,
            PackTable packs,
            CopyTable copies,
            TierTable table,
            Replicas replicas,
            Hidden hidden,
            DeletionBudget budget,
            Problems problems,
            Consumer<AuditEvent> audit,
            RunningTime time) {
        this.home = home;
        this.marked = marked;
        this.packs = packs;
        this.copies = copies;
        this.table = table;
        this.replicas = replicas;
        this.hidden = hidden;
        this.budget = budget;
        this.problems = problems;
        this.audit = audit;
        this.time = time;
        this.unread = new Unread(marked, problems, "scrub/repair", PAUSE, time);
        this.next = time.now();
    }

    /** Looks at them now, not later. */
    void tryAgain() {
        next = time.now();
        looked.clear();
        unread.tryAgain();
    }

    /** Looks at every suspect copy, unless that was a moment ago. One that cannot be put right now holds up no other one. */
    void run(CopyCheck.Pace pace) throws IOException {
        Duration now = time.now();
        if (now.compareTo(next) < 0) {
            return;
        }
        next = now.plus(PAUSE);
        Set<Long> seen = new HashSet<>();
        long behind = 0;
        for (List<CopyRow> page = copies.suspects(marked.name(), behind, PAGE);
                !page.isEmpty();
                page = copies.suspects(marked.name(), behind, PAGE)) {
            for (CopyRow copy : page) {
                behind = copy.pack();
                Optional<PackRow> pack = packs.find(copy.pack());
                seen.add(copy.pack());
                if (pack.isPresent() && !unread.isWaiting(copy.pack())) {
                    attempt(copy, pack.get(), now, pace);
                }
            }
        }
        unread.keep(seen::contains);
    }

    /** What is archived is not deleted before somebody read it: it stays as it is until it was brought back. */
    private void attempt(CopyRow copy, PackRow pack, Duration now, CopyCheck.Pace pace) throws IOException {
        try {
            repair(copy, pack, now, pace);
            unread.over(pack);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            looked.remove(pack.id());
            unread.failed(pack, Unread.broken(e));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.ARCHIVED) {
                looked.remove(pack.id());
                unread.failed(pack, e);
            }
        }
    }

    private void repair(CopyRow copy, PackRow pack, Duration now, CopyCheck.Pace pace) throws IOException {
        String name = PackPrologue.objectName(pack.pack());
        if (marked.tier().head(name).isEmpty()) {
            marked.requireOurs(); // an empty mount point proves nothing
            boolean revealed = hidden.reveal(marked, name);
            hidden.tell(marked.name());
            if (!revealed) {
                copies.queued(copy);
                tell(pack, "gone, made again");
                return;
            }
            tell(pack, "hidden, shown again");
        }
        if (refused.contains(pack.id()) && !budget.allows(pack)) {
            return;
        }
        refused.remove(pack.id());
        Duration before = looked.get(pack.id());
        if (before != null && now.compareTo(before.plus(LOOK)) < 0) {
            return;
        }
        looked.put(pack.id(), now);
        PackLayout layout = packs.layout(pack);
        if (isWhole(marked, layout, pace)) {
            // The line was at fault, or the bundle beside it: both are asked anew.
            if (copy.bundle() != null) {
                table.forgetBundle(marked.name(), copy.bundle());
            }
            copies.uploaded(copy);
            return;
        }
        marked.requireOurs();
        replace(copy, pack, layout, pace);
    }

    /** Whoever overwrote it in a bucket with versions left the right one below, which is seen when the newer ones are gone. */
    private void replace(CopyRow copy, PackRow pack, PackLayout layout, CopyCheck.Pace pace) throws IOException {
        String name = PackPrologue.objectName(pack.pack());
        if (isRefused(pack)) {
            return;
        }
        boolean another = LocalPack.isWhole(home, layout) || isWholeElsewhere(pack, layout, pace);
        for (int version = 0; version < MOST_VERSIONS; version++) {
            if (!another && !marked.tier().hasOlder(name)) {
                raise(
                        pack,
                        FailureKind.CORRUPT,
                        "is damaged, and no other copy of it is whole",
                        "Bring the object back into the tier from a backup; the damaged one is left as it is until then");
                return;
            }
            if (version == 0 && isRefused(pack)) {
                return; // reading the others took long, and another tier's repairs have the same budget
            }
            if (!withdraw(pack, name)) {
                return;
            }
            if (version == 0) {
                budget.spendOnCopy(pack);
            }
            if (marked.tier().head(name).isEmpty()) {
                if (!another) {
                    raise(
                            pack,
                            FailureKind.CORRUPT,
                            "was damaged and is hidden now, and no other copy of it is whole",
                            "Look at the versions of object " + name
                                    + " in the bucket, and bring back the best of them");
                    return;
                }
                copies.queued(copy);
                tell(pack, "damaged, made again");
                LOG.info("damaged {} in tier {} was deleted and is made again from another copy", name, marked.name());
                return;
            }
            if (isWhole(marked, layout, pace)) {
                copies.uploaded(copy);
                tell(pack, "overwritten, version before");
                LOG.warn("{} in tier {} was overwritten; the version before is right", name, marked.name());
                return;
            }
        }
        raise(
                pack,
                FailureKind.REFUSED,
                "is damaged, and was deleted but is still there",
                "Delete object " + name + ": it is sent again then");
    }

    private void tell(PackRow pack, String what) {
        audit.accept(AuditEvent.of(AuditType.TIER)
                .by(AuditEvent.STRONGROOM)
                .with("order", "repair")
                .with("tier", marked.name())
                .with("pack", pack.pack())
                .with("key", pack.key())
                .with("copy", what));
    }

    private boolean isRefused(PackRow pack) {
        if (budget.allows(pack)) {
            return false;
        }
        looked.remove(pack.id());
        refused.add(pack.id());
        raise(
                pack,
                FailureKind.REFUSED,
                "is damaged, and is not deleted yet: as many damaged copies were deleted in a day as may be",
                "Look why so much is damaged; then wait, or raise Forget.DailyLimit");
        return true;
    }

    private boolean withdraw(PackRow pack, String name) {
        try {
            marked.tier().withdraw(name);
            return true;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            raise(
                    pack,
                    e.kind(),
                    "is damaged and cannot be replaced, because the tier does not let it be deleted: " + e.text(),
                    "Delete object " + name + " with the rights that this needs, or when its lock has ended;"
                            + " it is sent again then, and other copies are used until then");
            return false;
        }
    }

    private boolean isWholeElsewhere(PackRow pack, PackLayout layout, CopyCheck.Pace pace) throws IOException {
        for (Replicas.Source source : replicas.sources(pack)) {
            if (source.copy().state() == CopyState.RECEIVED && isWhole(source.tier(), layout, pace)) {
                return true;
            }
        }
        return false;
    }

    /** Damage elsewhere is that tier's own scrub's business; a tier that does not answer has no whole copy now. */
    private boolean isWhole(MarkedTier tier, PackLayout layout, CopyCheck.Pace pace) throws IOException {
        try {
            CopyCheck.readAll(tier.tier(), layout, pace);
            return true;
        } catch (StrongroomException e) {
            boolean unknown = e.kind().retryable() || e.kind() == FailureKind.ARCHIVED;
            if (unknown && tier == marked) {
                throw e;
            }
            return false;
        }
    }

    private void raise(PackRow pack, FailureKind kind, String what, String cure) {
        problems.raise(
                Replicas.problem(marked.name(), pack),
                kind,
                "pack " + pack.pack() + " in tier " + marked.name() + " " + what,
                cure);
    }
}
