package org.strongroom.sidecar.trim;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.TrimRequest;
import org.strongroom.core.control.TrimResult;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.evict.Confirmations;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.purge.CopyDeletion;
import org.strongroom.sidecar.replica.Replicas;

/**
 * Deletes a tier's copies of packs of tenants whose studies do not go there; all of them where the tier is outside the jurisdictions, or drained.
 * Each only when all tiers that they go to have their receipts, and as many as {@code Copies} asks for say so again. One at a time; thread-safe.
 */
public final class Trim {
    /** One call lasts so long, about. */
    private static final Duration SLICE = Duration.ofSeconds(5);

    private static final int PAGE = 100;
    private static final String LOCKED = "the tier keeps it locked";

    private final Tiers tiers;
    private final PackTable packs;
    private final CopyTable copies;
    private final TierTable table;
    private final CopyDeletion deletion;
    private final Problems problems;
    private final Confirmations confirmations;
    private final BooleanSupplier rebuilding;
    private final Consumer<List<AuditEvent>> audit;
    private final InstantSource clock;
    private final RunningTime time;

    /**
     * @param rebuilding whether the ledger does not know everything
     * @param audit returns when events are durable
     */
    public Trim(
            Tiers tiers,
            PackTable packs,
            CopyTable copies,
            TierTable table,
            CopyDeletion deletion,
            Problems problems,
            Confirmations confirmations,
            BooleanSupplier rebuilding,
            Consumer<List<AuditEvent>> audit,
            InstantSource clock,
            RunningTime time) {
        this.tiers = tiers;
        this.packs = packs;
        this.copies = copies;
        this.table = table;
        this.deletion = deletion;
        this.problems = problems;
        this.confirmations = confirmations;
        this.rebuilding = rebuilding;
        this.audit = audit;
        this.clock = clock;
        this.time = time;
    }

    /** What one call came to. */
    private static final class Tally {
        private long packs;
        private long bytes;
        private final Map<String, Long> kept = new TreeMap<>();

        private void add(PackRow pack, Optional<String> reason) {
            if (reason.isPresent()) {
                kept.merge(reason.get(), 1L, Long::sum);
            } else {
                packs++;
                bytes += pack.bytes();
            }
        }
    }

    /**
     * Some packs more.
     *
     * @throws StrongroomException UNAVAILABLE if the tier is away, or the ledger is being rebuilt; NOT_FOUND if there is no such tier
     */
    public synchronized TrimResult run(String name, TrimRequest request) {
        if (rebuilding.getAsBoolean()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the ledger is being rebuilt")
                    .cure("Wait until strongroom status does not say so any more, and try again");
        }
        MarkedTier tier = tiers.get(name);
        tier.requireOurs();
        confirmations.begin();
        Duration end = time.now().plus(SLICE);
        long behind = request.behind() == null ? 0 : request.behind();
        Tally tally = new Tally();
        Predicate<UUID> unwanted = owner -> isLeft(tier) || !tiers.isWanted(owner, name);
        for (List<CopyRow> page = copies.of(name, unwanted, behind, PAGE);
                !page.isEmpty();
                page = copies.of(name, unwanted, behind, PAGE)) {
            for (CopyRow copy : page) {
                behind = copy.pack();
                Optional<PackRow> pack = packs.find(behind);
                if (pack.isPresent()) {
                    tally.add(pack.get(), take(tier, copy, pack.get(), request.dryRun()));
                }
                if (time.now().compareTo(end) >= 0) {
                    return new TrimResult(behind, tally.packs, tally.bytes, tally.kept);
                }
            }
        }
        return new TrimResult(null, tally.packs, tally.bytes, tally.kept);
    }

    /** Whether nothing at all is to be there. */
    private static boolean isLeft(MarkedTier tier) {
        return !tier.isPermitted() || tier.isDrained();
    }

    /** Why it stays; empty if it went, or would go. */
    private Optional<String> take(MarkedTier tier, CopyRow copy, PackRow pack, boolean dryRun) {
        // The study may have been given to another tenant since the page was read.
        if (!isLeft(tier) && tiers.isWanted(pack.owner(), tier.name())) {
            return Optional.of("it is wanted there by now");
        }
        if (!isWhereItGoes(pack, tier)) {
            return Optional.of("not every tier that it goes to has it");
        }
        if (deletion.lockedUntil(copy, clock.instant()).isPresent()) {
            return Optional.of(LOCKED);
        }
        Optional<String> reason = confirmations.reasonToKeepIn(tier.name(), pack, !dryRun);
        if (reason.isPresent() || dryRun) {
            return reason;
        }
        AuditEvent event = AuditEvent.of(AuditType.TIER)
                .by(AuditEvent.COMMAND_LINE)
                .with("order", "trim")
                .with("tier", copy.tier())
                .with("pack", pack.pack())
                .with("key", pack.key());
        audit.accept(List.of(event)); // first: what cannot be told is not done
        CopyDeletion.Outcome outcome = deletion.delete(pack, copy, clock.instant(), this::gone);
        if (outcome.gone()) {
            return Optional.empty();
        }
        String stays = outcome.lockedUntil()
                .map(until -> LOCKED)
                .orElse(outcome.away() ? "the tier does not answer now" : "the tier does not let it be deleted");
        audit.accept(List.of(event.failed(stays)));
        return Optional.of(stays);
    }

    /** It may be wanted there again one day. */
    private void gone(PackRow pack, CopyRow copy) {
        copies.drop(copy);
        table.want(List.of(pack.key())); // the study may be another tenant's since it was looked at
        problems.clear(Replicas.problem(copy.tier(), pack)); // what was damaged is not missed
    }

    /** Whether it would be without the copy that may go. */
    private boolean isWhereItGoes(PackRow pack, MarkedTier without) {
        List<String> holding = new ArrayList<>();
        for (CopyRow copy : copies.of(pack.id())) {
            if (copy.state() == CopyState.RECEIVED && !copy.tier().equals(without.name())) {
                holding.add(copy.tier());
            }
        }
        return tiers.all().stream()
                .filter(MarkedTier::takesCopies)
                .map(MarkedTier::name)
                .filter(tier -> tiers.isWanted(pack.owner(), tier))
                .allMatch(holding::contains);
    }
}
