package org.strongroom.sidecar.fetch;

import java.time.Duration;

/**
 * How evicted files are read.
 *
 * @param deadline a read without a deadline of its own waits so long
 * @param waiting reads that may wait at a time
 * @param readAhead whether the rest of a series is fetched
 */
public record FetchRules(Duration deadline, int waiting, boolean readAhead) {
    public FetchRules {
        if (deadline.isNegative() || waiting < 1) {
            throw new IllegalArgumentException("deadline " + deadline + ", waiting " + waiting);
        }
    }
}
