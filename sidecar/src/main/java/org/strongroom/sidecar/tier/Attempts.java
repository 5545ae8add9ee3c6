package org.strongroom.sidecar.tier;

import java.util.random.RandomGenerator;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Sleeper;

/** The attempts of one call. For one thread. */
final class Attempts {
    private final RetryPolicy policy;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private int failed;

    Attempts(RetryPolicy policy, Sleeper sleeper, RandomGenerator random) {
        this.policy = policy;
        this.sleeper = sleeper;
        this.random = random;
    }

    /** Returns when it is time for the next attempt, or throws {@code e} if there is none. */
    void failed(StrongroomException e) {
        failed++;
        if (!e.kind().retryable() || failed >= policy.attempts()) {
            throw e;
        }
        try {
            sleeper.sleep(policy.pause(failed, random));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "stopped while waiting to try again")
                    .causedBy(e);
        }
    }

    /** Something got through: the next failure is the first again. */
    void progressed() {
        failed = 0;
    }
}
