package org.strongroom.core.control;

import java.util.Map;

/**
 * Answer of {@code POST /v1/tiers/{tier}/trim}: packs of tenants whose studies do not go to the tier.
 *
 * @param behind for the next call; null if these were the last ones
 * @param packs that were deleted, or would be
 * @param bytes of these
 * @param kept how many packs stay, by the reason
 */
public record TrimResult(Long behind, long packs, long bytes, Map<String, Long> kept) {
    public TrimResult {
        kept = kept == null ? Map.of() : Map.copyOf(kept);
    }
}
