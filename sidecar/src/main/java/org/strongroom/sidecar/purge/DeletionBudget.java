package org.strongroom.sidecar.purge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.strongroom.sidecar.ledger.DeletionTable;
import org.strongroom.sidecar.ledger.PackRow;

/**
 * How much may be deleted in any 24 hours: so that a mistake, of a person or of this program, is seen before it has gone far. Purging
 * has one budget, and the repair of damaged copies has another, which purging cannot use up; an erasure that two people ordered has
 * none. Thread-safe.
 */
public final class DeletionBudget {
    private static final Duration DAY = Duration.ofDays(1);

    private final DeletionTable deletions;
    private final int limit;
    private final InstantSource clock;

    /**
     * @param deletions what is counted
     * @param rules with a limit of 0 nothing may be deleted
     * @param clock by which things may be deleted
     */
    public DeletionBudget(DeletionTable deletions, ForgetRules rules, InstantSource clock) {
        this.deletions = deletions;
        this.limit = rules.dailyLimit();
        this.clock = clock;
    }

    /** Whether a pack may begin to go. One larger than the limit goes alone, in 24 hours of its own. */
    public synchronized boolean allows(PackRow pack) {
        long spent = spent();
        return limit > 0 && (spent == 0 || spent + pack.members() <= limit);
    }

    /** Whether it began to go: then nothing holds it up, and nothing more is paid for it. */
    synchronized boolean isPaid(PackRow pack) {
        return deletions.has(pack);
    }

    /** The pack's first copy went. */
    synchronized void spend(PackRow pack) {
        if (!deletions.has(pack)) {
            deletions.add(pack, clock.instant());
        }
    }

    /** One copy of a pack was deleted to be made anew. */
    public synchronized void spendOnCopy(PackRow pack) {
        deletions.add(pack.members(), clock.instant());
    }

    /** Pays for as many single images as may go, and returns how many these are. */
    synchronized int spend(int images) {
        long spent = spent();
        int may = (int) Math.min(images, Math.max(0, limit - spent));
        if (may > 0) {
            deletions.add(may, clock.instant());
        }
        return may;
    }

    private long spent() {
        Instant now = clock.instant();
        return deletions.forgetBefore(now.minus(DAY), now);
    }
}
