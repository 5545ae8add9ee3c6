package org.strongroom.sidecar.ship;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.uplink.Priority;

/**
 * The order in which the copies of one tier are made: packs of studies that somebody marked as urgent, as far as they have not enough
 * copies without this one; those of what arrived within the last day; then older ones, those first that the
 * fewest tiers hold, down to those that have enough copies without this one; each in the order of their plans. For one thread.
 */
final class CopyQueue {
    private static final Duration NEW = Duration.ofDays(1);
    /** What was left alone, or lost a receipt, has its turn again after this, however long the rest takes. */
    private static final Duration LAP = Duration.ofMinutes(10);

    private final String tier;
    private final int enough;
    private final ToIntFunction<PackRow> enoughOf;
    private final PackTable packs;
    private final CopyTable copies;
    private final InstantSource clock;
    private final RunningTime time;
    private long urgency;
    private long behindUrgent;
    private long behindNew;
    /** By receipts that there are, at most {@link #enough}. */
    private final long[] behind;

    private Duration lap;

    /**
     * @param enough with so many receipts no pack depends on this tier
     * @param enoughOf with so many, at most that, this one does not
     */
    CopyQueue(
            String tier,
            int enough,
            ToIntFunction<PackRow> enoughOf,
            PackTable packs,
            CopyTable copies,
            InstantSource clock,
            RunningTime time) {
        this.tier = tier;
        this.enough = enough;
        this.enoughOf = enoughOf;
        this.packs = packs;
        this.copies = copies;
        this.clock = clock;
        this.time = time;
        this.behind = new long[enough + 1];
        this.lap = time.now().plus(LAP);
    }

    /** The next copy; empty at the end, after which it starts anew. */
    Optional<CopyRow> next() {
        if (time.now().compareTo(lap) >= 0) {
            long rest = behind[enough];
            restart();
            behind[enough] = rest;
        }
        Optional<CopyRow> copy = nextUrgent();
        if (copy.isPresent()) {
            behindUrgent = copy.get().pack();
            return copy;
        }
        copy = nextNew();
        if (copy.isPresent()) {
            behindNew = copy.get().pack();
            return copy;
        }
        for (int receipts = 0; receipts <= enough && copy.isEmpty(); receipts++) {
            copy = nextOld(receipts);
            if (copy.isPresent()) {
                behind[receipts] = copy.get().pack();
            }
        }
        if (copy.isEmpty()) {
            restart();
        }
        return copy;
    }

    private Optional<CopyRow> nextUrgent() {
        long now = packs.urgency();
        if (now != urgency) { // what was marked just now may be of an earlier plan than what had its turn
            urgency = now;
            behindUrgent = 0;
        }
        Optional<CopyRow> copy = copies.nextUrgent(tier, behindUrgent, clock.instant(), enough);
        while (copy.isPresent()
                && !packs.find(copy.get().pack()).filter(this::isUrgent).isPresent()) {
            copy = copies.nextUrgent(tier, copy.get().pack(), clock.instant(), enough); // its tenant wants fewer copies
        }
        return copy;
    }

    private boolean isUrgent(PackRow pack) {
        return packs.isUrgent(pack, clock.instant()) && receipts(pack) < enoughOf.applyAsInt(pack);
    }

    /** By number first: what is looked through for what arrived lately is never more than a day's plans. */
    private Optional<CopyRow> nextNew() {
        Instant since = clock.instant().minus(NEW);
        return copies.nextArrived(tier, Math.max(behindNew, packs.lastBefore(since)), since);
    }

    /** Of those with so many receipts. What was looked through in vain is not looked through again in this lap. */
    private Optional<CopyRow> nextOld(int receipts) {
        long end = packs.newest();
        int most = receipts < enough ? receipts : Integer.MAX_VALUE;
        Optional<CopyRow> copy = copies.nextReceived(tier, behind[receipts], receipts, most);
        while (copy.isPresent() && isNew(copy.get())) {
            copy = copies.nextReceived(tier, copy.get().pack(), receipts, most); // it had its turn
        }
        if (copy.isEmpty()) {
            behind[receipts] = Math.max(behind[receipts], end);
        }
        return copy;
    }

    private boolean isNew(CopyRow copy) {
        return packs.find(copy.pack()).filter(this::isNew).isPresent();
    }

    /** What was sealed of the time before Strongroom is planned now, but did not arrive now. */
    private boolean isNew(PackRow pack) {
        Instant since = clock.instant().minus(NEW);
        return pack.id() > packs.lastBefore(since) && !pack.arrived().isBefore(since);
    }

    private int receipts(PackRow pack) {
        return Math.min(enough, copies.receipts(pack.id()));
    }

    /** It comes once more: its next step. */
    void again(CopyRow copy) {
        if (copy.pack() == behindUrgent) {
            behindUrgent--;
        }
        if (copy.pack() == behindNew) {
            behindNew--;
        }
        for (int receipts = 0; receipts <= enough; receipts++) {
            if (copy.pack() == behind[receipts]) {
                behind[receipts]--;
            }
        }
    }

    void restart() {
        behindUrgent = 0;
        behindNew = 0;
        Arrays.fill(behind, 0);
        lap = time.now().plus(LAP);
    }

    Priority priority(PackRow pack) {
        if (isUrgent(pack)) {
            return Priority.STAT;
        }
        if (isNew(pack)) {
            return Priority.NEW;
        }
        return receipts(pack) < enoughOf.applyAsInt(pack) ? Priority.OLD : Priority.REPLICATION;
    }

    /** Whether something that goes before this one came while it is sent. */
    boolean isOvertaken(PackRow pack) {
        boolean urgent = isUrgent(pack);
        if (urgent || Priority.current() == Priority.STAT) {
            return !urgent; // it is received elsewhere by now, or the day is over: it goes on as all others
        }
        if (nextUrgent().isPresent()) {
            return true;
        }
        if (isNew(pack)) {
            return false;
        }
        boolean overtaken = nextNew().isPresent();
        int held = receipts(pack);
        for (int receipts = 0; receipts < held && !overtaken; receipts++) {
            overtaken = nextOld(receipts).isPresent();
        }
        return overtaken;
    }
}
