package org.strongroom.core.control;

import java.util.List;

/**
 * Answer of {@code POST /v1/evict}.
 *
 * @param instances whose bodies went (or would go)
 * @param bytes freed
 * @param kept what stays, by reason
 */
public record EvictResult(long instances, long bytes, List<Kept> kept) {
    public EvictResult {
        kept = List.copyOf(kept);
    }
}
