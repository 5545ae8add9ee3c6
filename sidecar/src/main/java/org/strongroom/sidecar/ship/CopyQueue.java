package org.strongroom.sidecar.ship;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.uplink.Priority;

/** The order in which the copies of one tier are made: packs of the last day, then older ones; the oldest first. For one thread. */
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
        long lastOld = lastOld();
        Optional<CopyRow> copy = copies.next(tier, Math.max(behindNew, lastOld));
        if (copy.isPresent()) {
            behindNew = copy.get().pack();
            return copy;
        }
        copy = copies.next(tier, behindOld).filter(old -> old.pack() <= lastOld);
        if (copy.isPresent()) {
            behindOld = copy.get().pack();
        } else {
            restart();
        }
        return copy;
    }

    private long lastOld() {
        return packs.lastBefore(clock.instant().minus(NEW));
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
        return pack.id() > lastOld() ? Priority.NEW : Priority.OLD;
    }

    /** Whether something of the last day came while this older one is sent. */
    boolean isOvertaken(PackRow pack) {
        long lastOld = lastOld();
        return pack.id() <= lastOld
                && copies.next(tier, Math.max(behindNew, lastOld)).isPresent();
    }
}
