package org.strongroom.plugin.hold;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A hold that is not over. Immutable.
 *
 * @param id random
 * @param since when it was made
 * @param text what it says
 * @param held ids of the keys, or of the tenant, that are under it
 */
public record Hold(UUID id, Instant since, HoldText text, Set<UUID> held) {
    public Hold {
        held = Set.copyOf(held);
    }
}
