package org.strongroom.sidecar.ship;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.uplink.Priority;

/**
 * The order in which the copies of one tier are made: packs of what arrived within the last day, then older ones; each in the order of
 * their plans. For one thread.
 */
final class CopyQueue {
    private static final Duration NEW = Duration.ofDays(1);

    private final String tier;
    private final PackTable packs;
    private final CopyTable copies;
    private final InstantSource clock;
    private long behindNew;
    private long behindOld;

    CopyQueue(String tier, PackTable packs, CopyTable copies, InstantSource clock) {
        this.tier = tier;
        this.packs = packs;
        this.copies = copies;
        this.clock = clock;
    }

    /** The next copy; empty at the end, after which it starts anew. */
    Optional<CopyRow> next() {
        Optional<CopyRow> copy = nextNew();
        if (copy.isPresent()) {
            behindNew = copy.get().pack();
            return copy;
        }
        copy = copies.next(tier, behindOld);
        while (copy.isPresent() && isNew(copy.get())) {
            copy = copies.next(tier, copy.get().pack()); // it had its turn
        }
        if (copy.isPresent()) {
            behindOld = copy.get().pack();
        } else {
            restart();
        }
        return copy;
    }

    /** By number first: what is looked through for what arrived lately is never more than a day's plans. */
    private Optional<CopyRow> nextNew() {
        Instant since = clock.instant().minus(NEW);
        return copies.nextArrived(tier, Math.max(behindNew, packs.lastBefore(since)), since);
    }

    private boolean isNew(CopyRow copy) {
        return packs.find(copy.pack()).filter(this::isNew).isPresent();
    }

    /** What was sealed of the time before Strongroom is planned now, but did not arrive now. */
    private boolean isNew(PackRow pack) {
        Instant since = clock.instant().minus(NEW);
        return pack.id() > packs.lastBefore(since) && !pack.arrived().isBefore(since);
    }

    /** It comes once more: its next step. */
    void again(CopyRow copy) {
        if (copy.pack() == behindNew) {
            behindNew--;
        } else if (copy.pack() == behindOld) {
            behindOld--;
        }
    }

    void restart() {
        behindNew = 0;
        behindOld = 0;
    }

    Priority priority(PackRow pack) {
        return isNew(pack) ? Priority.NEW : Priority.OLD;
    }

    /** Whether something of the last day came while this older one is sent. */
    boolean isOvertaken(PackRow pack) {
        return !isNew(pack) && nextNew().isPresent();
    }
}
