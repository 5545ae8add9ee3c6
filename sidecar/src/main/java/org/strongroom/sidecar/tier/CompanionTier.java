package org.strongroom.sidecar.tier;

import java.io.InputStream;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackCompanion;

/**
 * A tier in which a pack may be archived: what its companion (format.md §4.1) repeats of it is read from there, and the companion
 * goes when its pack goes.
 */
final class CompanionTier extends ForwardingTier {
    CompanionTier(Tier tier) {
        super(tier);
    }

    @Override
    public InputStream get(String name, long offset, long length) {
        try {
            return tier.get(name, offset, length);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.ARCHIVED) {
                throw e;
            }
            return PackCompanion.nameOf(name)
                    .flatMap(companion -> repeated(name, companion, offset, length))
                    .orElseThrow(() -> e);
        }
    }

    private Optional<InputStream> repeated(String pack, String companion, long offset, long length) {
        Optional<ObjectInfo> archived = tier.head(pack);
        Optional<ObjectInfo> there = tier.head(companion);
        if (archived.isEmpty() || there.isEmpty()) {
            return Optional.empty();
        }
        return PackCompanion.placeOf(archived.get().size(), there.get().size(), offset, length)
                .map(place -> tier.get(companion, place, length));
    }

    @Override
    public void delete(String name) {
        tier.delete(name);
        PackCompanion.nameOf(name).ifPresent(tier::delete);
    }
}
