package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Body of {@code POST /v1/evict}.
 *
 * @param all every study
 * @param keys else the studies of these keys
 * @param dryRun only count
 */
public record EvictRequest(Boolean all, List<UUID> keys, Boolean dryRun) {
    public EvictRequest {
        all = all != null && all;
        keys = keys == null ? List.of() : List.copyOf(keys);
        dryRun = dryRun != null && dryRun;
        if (all != keys.isEmpty()) {
            throw new IllegalArgumentException("either all or keys");
        }
    }
}
