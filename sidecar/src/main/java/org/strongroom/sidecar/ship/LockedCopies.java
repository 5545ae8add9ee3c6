package org.strongroom.sidecar.ship;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.tier.Tier;

/**
 * Copies of the journal that a longer one took the place of while they were locked: they are deleted when their locks have ended.
 * The ledger remembers them; what a lost one knew stays. For one thread.
 */
final class LockedCopies {
    private static final Logger LOG = LoggerFactory.getLogger(LockedCopies.class);
    private static final Duration PAUSE = Duration.ofHours(1);
    /** A bucket that locks everything by itself may hold more; the rest stays. */
    private static final int MOST = 1_000;

    private final TierTable table;
    private final Tier tier;
    private final RunningTime time;
    private Duration next;

    LockedCopies(TierTable table, Tier tier, RunningTime time) {
        this.table = table;
        this.tier = tier;
        this.time = time;
        this.next = time.now();
    }

    void add(String object) {
        Set<String> names = names();
        if (names.size() < MOST && names.add(object)) {
            remember(names);
        }
    }

    /** Deletes what may be deleted by now, unless that was tried a moment ago. */
    void drop() {
        if (time.now().compareTo(next) < 0) {
            return;
        }
        next = time.now().plus(PAUSE);
        for (String object : List.copyOf(names())) {
            try {
                tier.delete(object);
                Set<String> left = names();
                left.remove(object);
                remember(left);
            } catch (StrongroomException e) {
                if (e.kind().retryable()) {
                    throw e;
                }
                LOG.debug("{} stays for now", object, e);
            }
        }
    }

    private Set<String> names() {
        return new LinkedHashSet<>(table.remembered(fact())
                .map(names -> new ArrayList<>(List.of(names.split(" "))))
                .orElseGet(ArrayList::new));
    }

    private void remember(Set<String> names) {
        if (names.isEmpty()) {
            table.forget(fact());
        } else {
            table.remember(fact(), String.join(" ", names));
        }
    }

    private String fact() {
        return "journal/locked/" + tier.name();
    }
}
