package org.strongroom.sidecar.marker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The configured tiers, in the order of the settings. Immutable. */
public final class Tiers {
    private final Map<String, MarkedTier> byName = new LinkedHashMap<>();
    private final Placements placements;

    /** @param copies how many tiers must have a receipt before local bytes are a cache; 0 for all that count */
    public Tiers(List<MarkedTier> tiers, int copies) {
        this(tiers, Placements.everywhere(copies));
    }

    public Tiers(List<MarkedTier> tiers, Placements placements) {
        tiers.forEach(tier -> byName.put(tier.name(), tier));
        this.placements = placements;
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

    /** Whether a tier is to have the packs of a tenant, if it takes any. */
    public boolean isWanted(UUID owner, String tier) {
        return placements.of(owner).isIn(tier);
    }

    /** Whether every tier is to have everybody's. */
    public boolean areForAll() {
        return placements.isEverywhere();
    }

    /**
     * Whether receipts from these tiers are enough for local bytes of a tenant to be a cache. A tier that the tenant's studies do not go
     * to does not count, nor one on Home's own disk, nor
     * one outside the jurisdictions, nor one that is drained; one that is being drained counts for the one that it drains to.
     * Without any that counts nothing ever is enough.
     */
    public boolean suffice(UUID owner, Set<String> received) {
        return suffice(placements.of(owner), received);
    }

    /** Whether they are enough for every tenant. */
    public boolean sufficeForAll(Set<String> received) {
        return placements.all().stream().allMatch(one -> suffice(one, received));
    }

    private boolean suffice(Placement placement, Set<String> received) {
        Set<String> wanted = new HashSet<>();
        Set<String> holding = new HashSet<>();
        boolean known = true;
        for (MarkedTier tier : byName.values()) {
            if (!placement.isIn(tier.name())) {
                continue;
            }
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
        if (placement.copies() > 0) {
            return holding.size() >= placement.copies();
        }
        return known && !holding.isEmpty() && holding.containsAll(wanted);
    }

    /** With so many receipts an image of any tenant does not depend on one more. */
    public int enough() {
        return placements.all().stream().mapToInt(Tiers::enough).max().orElse(1);
    }

    /** With so many receipts an image of this tenant does not depend on one more. */
    public int enough(UUID owner) {
        return enough(placements.of(owner));
    }

    private static int enough(Placement placement) {
        return Math.max(1, placement.copies());
    }

    /** Whether enough tiers are left for new copies of every tenant if one is not used any more. */
    public boolean sufficeWithout(String name) {
        return placements.all().stream().allMatch(placement -> {
            long left = byName.values().stream()
                    .filter(tier -> placement.isIn(tier.name())
                            && tier.takesCopies()
                            && !tier.name().equals(name))
                    .count();
            return left >= enough(placement);
        });
    }

    /** A tenant whose studies go to the one tier and not to the other, which therefore cannot take its place. */
    public Optional<String> onlyIn(String one, String other) {
        return placements.all().stream()
                .filter(placement -> placement.isIn(one) && !placement.isIn(other))
                .map(Placement::tenant)
                .sorted()
                .findFirst();
    }
}
