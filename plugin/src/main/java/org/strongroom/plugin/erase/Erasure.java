package org.strongroom.plugin.erase;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An erasure, as the journal has it. Immutable.
 *
 * @param id random
 * @param since when it was ordered
 * @param ordered who, and why
 * @param approved who agreed, and why
 * @param withdrawn who took it back, and why
 * @param keys what it is about
 * @param destroyed those of them that are destroyed
 */
public record Erasure(
        UUID id,
        Instant since,
        ErasureText ordered,
        Optional<ErasureText> approved,
        Optional<ErasureText> withdrawn,
        Set<UUID> keys,
        Set<UUID> destroyed) {
    public Erasure {
        keys = Set.copyOf(keys);
        destroyed = Set.copyOf(destroyed);
    }

    /** Where it is on its way, in a word. */
    public String state() {
        if (withdrawn.isPresent()) {
            return "withdrawn";
        }
        if (destroyed.isEmpty()) {
            return approved.isPresent() ? "approved" : "ordered";
        }
        return destroyed.containsAll(keys) ? "destroyed" : "partly destroyed";
    }
}
