package org.strongroom.sidecar.marker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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

    /** These tiers, those without known trouble first, those that are left behind last. */
    public List<MarkedTier> healthyFirst(Set<String> names) {
        List<MarkedTier> chosen = new ArrayList<>(byName.values());
        chosen.removeIf(tier -> !names.contains(tier.name()));
        chosen.sort(Comparator.comparing((MarkedTier tier) -> !tier.takesCopies())
                .thenComparing(tier -> tier.trouble().isPresent()));
        return chosen;
    }

    /**
     * Whether receipts from these tiers are enough for local bytes to be a cache. A tier on Home's own disk does not count, nor
     * one outside the jurisdictions, nor one that is drained; one that is being drained counts for the one that it drains to.
     * Without any that counts nothing ever is enough.
     */
    public boolean suffice(Set<String> received) {
        Set<String> wanted = new HashSet<>();
        Set<String> holding = new HashSet<>();
        boolean known = true;
        for (MarkedTier tier : byName.values()) {
            boolean counts = tier.counts() && tier.isPermitted() && !tier.isDrained();
            if (tier.takesCopies()) {
                known &= tier.isSeen();
                if (counts) {
                    wanted.add(tier.name());
                }
            }
            if (counts && received.contains(tier.name())) {
                holding.add(tier.drainsTo().orElse(tier.name()));
            }
        }
        if (copies > 0) {
            return holding.size() >= copies;
        }
        return known && !holding.isEmpty() && holding.containsAll(wanted);
    }

    /** With so many receipts an image does not depend on one more. */
    public int enough() {
        return Math.max(1, copies);
    }

    /** Whether enough tiers are left for new copies if one is not used any more. */
    public boolean sufficeWithout(String name) {
        long left = byName.values().stream()
                .filter(tier -> tier.takesCopies() && !tier.name().equals(name))
                .count();
        return left >= Math.max(1, copies);
    }
}
