package org.strongroom.sidecar.snapshot;

import java.time.Duration;

/**
 * What the settings say of snapshots.
 *
 * @param every so often one is made; a tier whose newest is twice as old is a problem
 * @param keep so many of the newest stay in a tier
 */
public record SnapshotRules(Duration every, int keep) {
    private static final Duration SLACK = Duration.ofHours(1);

    Duration tooOld() {
        return every.multipliedBy(2).plus(SLACK);
    }
}
