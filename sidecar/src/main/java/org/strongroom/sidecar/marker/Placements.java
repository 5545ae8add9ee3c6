package org.strongroom.sidecar.marker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantPlaces;
import org.strongroom.core.settings.TenantSettings;

/**
 * Where studies go, by the ids of tenants. Immutable.
 *
 * @param others of tenants that say nothing of their own
 */
public record Placements(Placement others, Map<UUID, Placement> own) {
    public Placements {
        own = Map.copyOf(own);
    }

    /** Everybody's studies go to every tier. */
    public static Placements everywhere(int copies) {
        return new Placements(new Placement("", Optional.empty(), copies), Map.of());
    }

    /**
     * As the settings say.
     *
     * @throws StrongroomException REFUSED if a tenant says where its studies go, and nobody has told which id it has: its studies would go to every tier
     */
    public static Placements of(Settings settings, Home home) throws IOException {
        int copies = settings.copies().orElse(0);
        Map<UUID, Placement> own = new HashMap<>();
        TenantPlaces.ids(home, settings).forEach((id, name) -> {
            TenantSettings tenant = settings.tenants().get(name);
            own.put(
                    id,
                    new Placement(
                            name,
                            tenant.tiers().map(Set::copyOf),
                            tenant.copies().orElse(copies)));
        });
        return new Placements(new Placement("", Optional.empty(), copies), own);
    }

    /** @param owner id of a tenant */
    Placement of(UUID owner) {
        return own.getOrDefault(owner, others);
    }

    /** Each that there is. */
    List<Placement> all() {
        List<Placement> all = new ArrayList<>(own.values());
        all.add(others);
        return all;
    }

    /** Whether a tenant does not go to every tier. */
    boolean isEverywhere() {
        return own.values().stream().allMatch(one -> one.tiers().isEmpty());
    }
}
