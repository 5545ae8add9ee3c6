package org.strongroom.core.control;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * One JSON line of {@code GET /v1/packs}.
 *
 * @param settled whether its files have left the spool: while they have not, an empty {@code tiers} is no loss
 * @param tiers names of the tiers that gave a receipt, also if their copy is in doubt since: it has to be looked at
 */
public record PackLine(UUID pack, UUID key, long members, long bytes, boolean settled, List<String> tiers) {
    public PackLine {
        Objects.requireNonNull(pack, "pack");
        Objects.requireNonNull(key, "key");
        tiers = List.copyOf(tiers);
    }
}
