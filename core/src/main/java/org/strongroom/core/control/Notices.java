package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Body of {@code POST /v1/notices}; all may be left out.
 *
 * @param opened key ids of studies that were read from local files
 * @param tombstones newest sequence of the journal, as a hint that it grew; null if nothing is new
 * @param clear how far the sealing of clear files is; null if there are none
 */
public record Notices(List<UUID> opened, Long tombstones, ClearProgress clear) {
    public Notices {
        opened = opened == null ? List.of() : List.copyOf(opened);
    }
}
