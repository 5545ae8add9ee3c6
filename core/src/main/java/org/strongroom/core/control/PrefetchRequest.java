package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Body of {@code POST /v1/prefetch}.
 *
 * @param keys the studies of these keys are asked about
 * @param begin they are brought here
 * @param stop first, nothing that was asked for before is brought any more
 */
public record PrefetchRequest(List<UUID> keys, Boolean begin, Boolean stop) {
    public PrefetchRequest {
        keys = keys == null ? List.of() : List.copyOf(keys);
        begin = begin != null && begin;
        stop = stop != null && stop;
        if (keys.isEmpty() && !stop) {
            throw new IllegalArgumentException("keys, or stop");
        }
    }
}
