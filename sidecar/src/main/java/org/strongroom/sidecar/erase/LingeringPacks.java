package org.strongroom.sidecar.erase;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.tier.Tier;

/** Packs of destroyed keys, and the heads beside them, that were deleted from one tier, and that its store may keep for a time of its own. The ledger forgets a pack that no tier has; these names stay. */
final class LingeringPacks {
    private final TierTable table;

    LingeringPacks(TierTable table) {
        this.table = table;
    }

    /** Before they are deleted: a kill after it forgets none. */
    void expect(String tier, UUID key, Collection<String> objects) {
        Set<String> names = names(tier, key);
        if (names.addAll(objects)) {
            remember(tier, key, names);
        }
    }

    /** What the store still keeps of them; the others are forgotten. */
    List<Tier.Lingering> ask(Tier tier, UUID key) {
        Set<String> names = names(tier.name(), key);
        Set<String> left = new TreeSet<>(names);
        List<Tier.Lingering> kept = names.stream()
                .flatMap(name -> {
                    Optional<Tier.Lingering> one = tier.lingering(name);
                    if (one.isEmpty() && tier.head(name).isEmpty()) {
                        left.remove(name);
                    }
                    return one.stream();
                })
                .toList();
        if (!left.equals(names)) {
            remember(tier.name(), key, left);
        }
        return kept;
    }

    private Set<String> names(String tier, UUID key) {
        return table.remembered(fact(tier, key))
                .map(names -> new TreeSet<>(List.of(names.split(" "))))
                .orElseGet(TreeSet::new);
    }

    private void remember(String tier, UUID key, Set<String> names) {
        if (names.isEmpty()) {
            table.forget(fact(tier, key));
        } else {
            table.remember(fact(tier, key), String.join(" ", names));
        }
    }

    private static String fact(String tier, UUID key) {
        return "erase/lingering/" + tier + "/" + key;
    }
}
