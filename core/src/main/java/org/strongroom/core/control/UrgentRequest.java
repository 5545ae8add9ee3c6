package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Body of {@code POST /v1/urgent}.
 *
 * @param keys the studies of these keys
 * @param urgent whether they go first for a day; false: as all others from now on
 */
public record UrgentRequest(List<UUID> keys, Boolean urgent) {
    public UrgentRequest {
        keys = keys == null ? List.of() : List.copyOf(keys);
        if (keys.isEmpty() || urgent == null) {
            throw new IllegalArgumentException("keys and urgent");
        }
    }
}
