package org.strongroom.sidecar.purge;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.HoldTable;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;

/**
 * Deletes what Orthanc removed more than the grace ago. A pack goes when all its members did; one that still holds something
 * stays whole. What is locked goes when its lock has ended; what is under a hold stays as long as it is, and for a grace behind that.
 * For one thread.
 */
public final class Purger {
    private static final Logger LOG = LoggerFactory.getLogger(Purger.class);
    private static final int PAGE = 500;
    private static final String LIMIT = "purge/limit";

    private final LocalFiles local;
    private final CopyDeletion deletion;
    private final ForgetRules rules;
    private final FileTable files;
    private final PackTable packs;
    private final CopyTable copies;
    private final HoldTable holds;
    private final DeletionBudget budget;
    private final Tiers tiers;
    private final Problems problems;
    private final Undelete.Refresh refresh;
    private final Predicate<UUID> needed;
    private final Consumer<List<AuditEvent>> audit;
    private final Map<String, Locks> locks = new HashMap<>();
    /** Tiers that did not answer in this pass. */
    private final Set<String> away = new HashSet<>();
    /** Whether a pack waits for the limit: those behind it wait as well, or a large one would for ever. */
    private boolean waiting;

    /** What one pass found locked in one tier. */
    private record Locks(int packs, Instant last) {
        Locks plus(Locks more) {
            return new Locks(packs + more.packs, last.isBefore(more.last) ? more.last : last);
        }
    }

    /** What is due and in no pack: as many as may go in a day, and how many there are. */
    private static final class Unpacked {
        private final List<FileRow> first = new ArrayList<>();
        private long count;
    }

    /**
     * @param refresh takes in what the journal says now
     * @param audit returns when events are durable
     * @param needed whether a removed file's copies are still needed: what took its place is nowhere else yet
     */
    public Purger(
            LocalFiles local,
            CopyDeletion deletion,
            ForgetRules rules,
            FileTable files,
            PackTable packs,
            CopyTable copies,
            HoldTable holds,
            DeletionBudget budget,
            Tiers tiers,
            Problems problems,
            Undelete.Refresh refresh,
            Predicate<UUID> needed,
            Consumer<List<AuditEvent>> audit) {
        this.audit = audit;
        this.needed = needed;
        this.local = local;
        this.deletion = deletion;
        this.rules = rules;
        this.files = files;
        this.packs = packs;
        this.copies = copies;
        this.holds = holds;
        this.budget = budget;
        this.tiers = tiers;
        this.problems = problems;
        this.refresh = refresh;
    }

    /**
     * One pass over everything that is due. The caller has read the journal to its end, and it was whole.
     *
     * @param now the time, as {@link PatientClock} has it
     * @throws IOException if files on this machine cannot be removed
     */
    public void purge(Instant now) throws IOException {
        Instant before = now.minus(rules.grace());
        locks.clear();
        away.clear();
        Unpacked unpacked = new Unpacked();
        Map<Long, SealedHeader> all = purgeHere(before, unpacked);
        long held = forget(unpacked, before);
        waiting = false;
        for (Map.Entry<Long, SealedHeader> due : all.entrySet()) {
            Optional<PackRow> row = packs.find(due.getKey());
            // A pass over a slow tier takes hours: a hold, or an undelete, may have come meanwhile.
            if (row.isPresent()
                    && packs.isRemovedBefore(due.getKey(), before)
                    && !isHeldSince(before, due.getValue())
                    && !isNeeded(due.getKey())) {
                held += purge(row.get(), now);
            }
        }
        tellLocked();
        if (held == 0) {
            problems.clear(LIMIT);
        } else {
            problems.raise(
                    LIMIT,
                    FailureKind.REFUSED,
                    "more was removed than may be purged in a day; " + held + " attachments wait",
                    "If this is meant wait, or raise Forget.DailyLimit; if not run: strongroom undelete");
        }
    }

    private boolean isNeeded(long pack) {
        return packs.members(pack).stream().anyMatch(member -> needed.test(member.uuid()));
    }

    /** Who ends a hold by mistake has a grace to see it, as who deletes by mistake has. */
    private boolean isHeldSince(Instant before, SealedHeader header) {
        return holds.isHeldSince(header.key(), header.tenant(), before);
    }

    /**
     * Unlinks what the tiers hold.
     *
     * @param unpacked gets what is due and in no pack: there is no other copy of it
     * @return the packs that hold something that is due, each with the header of one such file
     */
    private Map<Long, SealedHeader> purgeHere(Instant before, Unpacked unpacked) throws IOException {
        Map<Long, SealedHeader> due = new LinkedHashMap<>();
        List<FileRow> page = files.removedBefore(before, Instant.EPOCH, 0, PAGE);
        while (!page.isEmpty()) {
            for (FileRow file : page) {
                if (isHeldSince(before, file.header()) || needed.test(file.uuid())) {
                    continue; // here and in the tiers: a pack holds one key's files only
                }
                List<MemberRow> holding = packs.holding(file.id());
                boolean needed = false;
                for (MemberRow member : holding) {
                    due.put(member.pack(), file.header());
                    needed |= packs.find(member.pack()).filter(PackRow::settled).isEmpty();
                }
                if (holding.isEmpty()) {
                    unpacked.count++;
                    if (unpacked.first.size() < rules.dailyLimit()) {
                        unpacked.first.add(file);
                    }
                } else if (!needed && file.place() != Place.ABSENT) {
                    local.remove(file.uuid());
                    files.moved(List.of(file.id()), Place.ABSENT);
                }
            }
            FileRow last = page.get(page.size() - 1);
            page = files.removedBefore(before, last.removed(), last.id(), PAGE);
        }
        return due;
    }

    /**
     * There is no other copy of them, and the scan that found them may have taken long: each is looked at again.
     *
     * @return how many wait: all, if packs did in the last pass, which come first then
     */
    private long forget(Unpacked unpacked, Instant before) throws IOException {
        List<FileRow> first = unpacked.first;
        long held = unpacked.count - (waiting ? 0 : first.size());
        for (int from = 0; !waiting && from < first.size(); from += PAGE) {
            refresh.run();
            List<FileRow> due = first.subList(from, Math.min(from + PAGE, first.size())).stream()
                    .filter(file -> isStillUnpacked(file, before))
                    .toList();
            int may = budget.spend(due.size());
            // One that comes back meanwhile is told of as well.
            audit.accept(due.subList(0, may).stream()
                    .map(file -> purged(file.header().key(), 1).with("attachment", file.uuid()))
                    .toList());
            for (FileRow file : due.subList(0, may)) {
                if (isStillUnpacked(file, before)) {
                    local.remove(file.uuid());
                    files.forget(file.id());
                }
            }
            held += due.size() - may;
        }
        return held;
    }

    private boolean isStillUnpacked(FileRow found, Instant before) {
        Optional<FileRow> now = files.find(found.uuid());
        return now.filter(file -> file.removed() != null && file.removed().isBefore(before))
                        .isPresent()
                && !isHeldSince(before, found.header())
                && packs.holding(found.id()).isEmpty();
    }

    /** A lock ends by itself, and is no trouble; but whoever looks for what was deleted must find out why it is still there. */
    private void tellLocked() {
        for (String tier : tiers.names()) {
            String problem = "purge/locked/" + tier;
            Locks waiting = locks.get(tier);
            if (waiting == null) {
                problems.clear(problem);
            } else {
                problems.raise(
                        problem,
                        FailureKind.REFUSED,
                        waiting.packs + " packs to be purged are locked in tier " + tier + " until " + waiting.last
                                + " at the latest",
                        "Nothing is to be done: they are purged when their locks have ended");
            }
        }
    }

    /** Returns how many instances were held back by the daily limit. */
    private long purge(PackRow pack, Instant now) throws IOException {
        boolean gone = true;
        for (CopyRow copy : copies.of(pack.id())) {
            if (copy.state() == CopyState.PURGED) {
                continue;
            }
            Optional<Instant> locked = deletion.lockedUntil(copy, now);
            if (locked.isPresent()) {
                isLocked(copy, locked.get());
                gone = false;
            } else if (away.contains(copy.tier())) {
                gone = false;
            } else if (isHeldBack(pack)) {
                return pack.members();
            } else {
                gone &= isGone(pack, copy, now);
            }
        }
        if (gone) {
            if (isHeldBack(pack)) {
                return pack.members(); // no tier has it any more, or ever had it
            }
            budget.spend(pack);
            for (MemberRow member : packs.members(pack.id())) {
                local.remove(member.uuid());
            }
            audit.accept(List.of(purged(pack.key(), pack.members()).with("pack", pack.pack())));
            packs.forget(pack.id());
            LOG.info("purged pack {}: {} members", pack.pack(), pack.members());
        }
        return 0;
    }

    private static AuditEvent purged(UUID key, int attachments) {
        return AuditEvent.of(AuditType.PURGE)
                .by(AuditEvent.STRONGROOM)
                .with("key", key)
                .with("attachments", attachments);
    }

    private boolean isHeldBack(PackRow pack) {
        boolean held = !budget.isPaid(pack) && (waiting || !budget.allows(pack));
        waiting |= held;
        return held;
    }

    private boolean isGone(PackRow pack, CopyRow copy, Instant now) {
        CopyDeletion.Outcome outcome = deletion.delete(pack, copy, now);
        outcome.lockedUntil().ifPresent(until -> isLocked(copy, until));
        if (outcome.gone()) {
            budget.spend(pack);
        }
        if (outcome.away()) {
            // Each request to it takes long, and may have been carried out: no more of them than one in a pass.
            away.add(copy.tier());
        }
        return outcome.gone();
    }

    private void isLocked(CopyRow copy, Instant until) {
        locks.merge(copy.tier(), new Locks(1, until), Locks::plus);
    }
}
