package org.strongroom.core.control;

import java.util.Objects;

/**
 * Answer of {@code POST} and {@code GET /v1/tiers/{tier}/drain}.
 *
 * @param packs that the tier holds, or was to hold
 * @param done of them, those with a receipt of the tier that it drains to
 * @param drained whether nothing is left to do, and the tier does not count any more
 */
public record DrainStatus(String tier, String to, long packs, long bytes, long done, long doneBytes, boolean drained) {
    public DrainStatus {
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(to, "to");
    }
}
