package org.strongroom.sidecar.purge;

import java.time.Duration;

/**
 * What happens after Orthanc removed something.
 *
 * @param grace for so long it can come back
 * @param dailyLimit at most so many instances are purged from the tiers in a day
 */
public record ForgetRules(Duration grace, int dailyLimit) {
    public ForgetRules {
        if (grace.isNegative() || dailyLimit < 0) {
            throw new IllegalArgumentException("grace " + grace + ", daily limit " + dailyLimit);
        }
    }
}
