package org.strongroom.core.control;

import java.util.Objects;

/**
 * What of a tier can be carried there by hand.
 *
 * @param queued packs that wait for the line, and were not begun: what an export would write
 * @param waiting packs on disks, which the line leaves alone
 */
public record SeedStatus(String tier, long queued, long queuedBytes, long waiting, long waitingBytes) {
    public SeedStatus {
        Objects.requireNonNull(tier, "tier");
    }
}
