package org.strongroom.sidecar.marker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The configured tiers, in the order of the settings. Immutable. */
public final class Tiers {
    private final Map<String, MarkedTier> byName = new LinkedHashMap<>();
    private final int copies;

    /** @param copies how many tiers must have a receipt before local bytes are a cache; 0 for all that count */
    public Tiers(List<MarkedTier> tiers, int copies) {
        tiers.forEach(tier -> byName.put(tier.name(), tier));
        this.copies = copies;
    }

    public Set<String> names() {
        return byName.keySet();
    }

    public List<MarkedTier> all() {
        return List.copyOf(byName.values());
    }

    /** @throws StrongroomException NOT_FOUND if the settings have none of this name */
    public MarkedTier get(String name) {
        MarkedTier tier = byName.get(name);
        if (tier == null) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such tier in the settings")
                    .with("tier", name);
        }
        return tier;
    }

    /** These tiers, those without known trouble first. */
    public List<MarkedTier> healthyFirst(Set<String> names) {
        List<MarkedTier> chosen = new ArrayList<>(byName.values());
        chosen.removeIf(tier -> !names.contains(tier.name()));
        chosen.sort(Comparator.comparing(tier -> tier.trouble().isPresent()));
        return chosen;
    }

    /**
     * Whether receipts from these tiers are enough for local bytes to be a cache. A tier on Home's own disk does not count,
     * and without any that counts nothing ever is.
     */
    public boolean suffice(Set<String> received) {
        List<MarkedTier> counting =
                byName.values().stream().filter(MarkedTier::counts).toList();
        long holding =
                counting.stream().filter(tier -> received.contains(tier.name())).count();
        if (copies > 0) {
            return holding >= copies;
        }
        return holding > 0
                && holding == counting.size()
                && byName.values().stream().allMatch(MarkedTier::isSeen);
    }
}
