package org.strongroom.sidecar;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.TierMarker;

/** The marking of every tier of a new installation: first all are asked, then all are marked. */
final class FirstStart {
    private FirstStart() {}

    /**
     * @throws org.strongroom.core.error.StrongroomException UNAVAILABLE if one is away, REFUSED if one is another
     *     installation's; then none was marked
     */
    static void mark(List<MarkedTier> tiers) {
        for (MarkedTier tier : tiers) {
            Optional<UUID> marked = TierMarker.read(tier.tier());
            if (marked.isPresent()) {
                tier.mark();
            }
        }
        tiers.forEach(MarkedTier::mark);
    }
}
