package org.strongroom.sidecar.marker;

import java.util.Optional;
import java.util.Set;

/**
 * Where the studies of one tenant go, or of all that say nothing of their own. Immutable.
 *
 * @param tenant its name; empty for all others
 * @param tiers their names; empty for every tier
 * @param copies how many of them must have a receipt before local bytes are a cache; 0 for all that count
 */
public record Placement(String tenant, Optional<Set<String>> tiers, int copies) {
    public Placement {
        tiers = tiers.map(Set::copyOf);
    }

    /** Whether they go to this tier. */
    public boolean isIn(String tier) {
        return tiers.isEmpty() || tiers.get().contains(tier);
    }
}
