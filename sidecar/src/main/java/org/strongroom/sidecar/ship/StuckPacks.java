package org.strongroom.sidecar.ship;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.round.PutOff;

/** Packs that do not get into one tier: whose fault that is, and when each is tried again. For one thread. */
final class StuckPacks {
    /** What the tier refuses is tried again so soon, and then less and less often: where a person mends the tier, all of it waits. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final Duration SECOND_TRY = Duration.ofMinutes(10);
    /** What the tier takes again and again not, while it takes others, is tried so seldom at most. */
    private static final Duration SELDOM = Duration.ofHours(6);

    private static final int UUID_LENGTH = 36;

    private final String tier;
    private final PackTable packs;
    private final Problems problems;
    private final OwnFailures failures = new OwnFailures();
    /** Packs with a file that this machine's disk does not give, or that the tier takes and does not have. */
    private final PutOff<Long> later;
    /** Packs that the tier refuses: perhaps it refuses all, until a person mends it. */
    private final PutOff<Long> denied;
    /** Packs that the tier does not take while it takes others. */
    private final PutOff<Long> refused;

    StuckPacks(String tier, PackTable packs, Problems problems, RunningTime time) {
        this.tier = tier;
        this.packs = packs;
        this.problems = problems;
        this.later = new PutOff<>(SECOND_TRY, SECOND_TRY, time);
        this.denied = new PutOff<>(SOON, SECOND_TRY, time);
        this.refused = new PutOff<>(SECOND_TRY, SELDOM, time);
    }

    /** Whether it is not its turn yet. */
    boolean isWaiting(PackRow pack) {
        return refused.isWaiting(pack.id()) || denied.isWaiting(pack.id()) || later.isWaiting(pack.id());
    }

    /** All have their turn now. */
    void tryAgain() {
        later.tryAgain();
        denied.keep(pack -> false); // who waits for them asks every few seconds: that must not make the next pause long
        refused.tryAgain();
    }

    /** The disk here does not give one of its files. */
    void unread(PackRow pack, StrongroomException e) {
        later.failed(pack.id());
        problems.raise(problem(pack), e);
    }

    /** Only a person can help. What is refused costs a request; what the tier throws away is sent again, all of it. */
    void denied(PackRow pack, StrongroomException e) {
        (e.kind() == FailureKind.REFUSED ? denied : later).failed(pack.id());
        problems.raise(problem(pack), e);
    }

    /**
     * It failed in a way that trying again may help. Whether the line, the tier or this pack is at fault is not known at first: it is tried
     * again, and then those behind it. Only when they get through and it does not is it left alone for longer and longer.
     *
     * @param progress grows when something of it got through
     * @return whether the fault is its own; else it may be the tier's
     */
    boolean isAtFault(PackRow pack, long progress, StrongroomException e) {
        if (!failures.isOwn(pack.id(), progress) && !refused.knows(pack.id())) {
            return false;
        }
        refused.failed(pack.id());
        problems.raise(
                problem(pack),
                e.kind(),
                "pack " + pack.pack() + " does not get into tier " + tier + ", while others do: " + e.text()
                        + ". It stays here, and is tried again later",
                e.cure().isEmpty()
                        ? "See why the tier does not take this object: a rule of the store, its size, its name"
                        : e.cure());
        return true;
    }

    /** Whether those behind it go first now: they show whose fault it is. */
    boolean isOthersTurn(PackRow pack) {
        return failures.isOthersTurn(pack.id());
    }

    /**
     * It went a step forward.
     *
     * @return whether others failed just before: now it will be seen whose fault that was
     */
    boolean passed(PackRow pack) {
        later.over(pack.id());
        denied.over(pack.id());
        refused.over(pack.id());
        problems.clear(problem(pack));
        return failures.passed(pack.id());
    }

    /** A pack that was purged, or planned anew, meanwhile needs nobody's help any more. */
    void forgetPurged() {
        Predicate<Long> isThere = pack -> packs.find(pack).isPresent();
        failures.keep(isThere);
        refused.keep(isThere);
        later.keep(isThere);
        denied.keep(isThere);
        String prefix = problemOf("");
        for (String name : problems.byName().keySet()) {
            if (name.startsWith(prefix)
                    && name.length() == prefix.length() + UUID_LENGTH
                    && packs.find(UUID.fromString(name.substring(prefix.length())))
                            .isEmpty()) {
                problems.clear(name);
            }
        }
    }

    private String problem(PackRow pack) {
        return problemOf(pack.pack().toString());
    }

    private String problemOf(String pack) {
        return "ship/" + tier + "/" + pack;
    }
}
