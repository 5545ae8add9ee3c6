package org.strongroom.core.control;

import java.util.List;

/**
 * Answer of {@code POST /v1/fsck/repair}.
 *
 * @param done findings that were repaired, or whose repair was begun and goes on by itself
 * @param kept findings that were left as they are, by reason
 */
public record RepairResult(long done, List<Kept> kept) {
    public RepairResult {
        kept = List.copyOf(kept);
    }
}
