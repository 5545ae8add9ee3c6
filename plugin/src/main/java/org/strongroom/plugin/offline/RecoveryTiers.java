package org.strongroom.plugin.offline;

import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.recover.HomeRecovery;
import org.strongroom.plugin.supervise.BareTier;
import org.strongroom.plugin.supervise.JoinedTiers;
import org.strongroom.plugin.supervise.SmallObjects;

/**
 * What a recovery reads of: the tier that is named, and those that the configuration names beside it. A study may be in another tier alone, and its key then too.
 * One that does not answer, as it burnt with the machine, is left out. Each is asked once. Used by one thread.
 */
final class RecoveryTiers {
    private final Place place;
    private final String named;
    private final Clock clock;
    private final Consumer<String> told;
    private Optional<Set<String>> others = Optional.empty();

    /**
     * @param named the tier that is recovered from
     * @param told why another one is left out
     */
    RecoveryTiers(Place place, String named, Clock clock, Consumer<String> told) {
        this.place = place;
        this.named = named;
        this.clock = clock;
        this.told = told;
    }

    /** The named one alone. */
    SmallObjects one() {
        return tier(named);
    }

    private SmallObjects tier(String name) {
        return new BareTier(place.home(), place.sidecar(), name);
    }

    /** With each other one that is there and says that it is of the same installation. */
    List<SmallObjects> each(UUID installation) throws IOException, InterruptedException {
        return Stream.concat(Stream.of(named), others(installation).stream())
                .map(this::tier)
                .toList();
    }

    /** The same as if they were one. */
    SmallObjects all(UUID installation) throws IOException, InterruptedException {
        return JoinedTiers.of(each(installation));
    }

    /** Tiers of the configuration that are not read. */
    Set<String> leftOut(UUID installation) throws IOException, InterruptedException {
        Set<String> out = new LinkedHashSet<>(place.settings().tiers().keySet());
        out.removeAll(others(installation));
        out.remove(named);
        return out;
    }

    private Set<String> others(UUID installation) throws IOException, InterruptedException {
        if (others.isEmpty()) {
            Set<String> there = new LinkedHashSet<>();
            for (String name : place.settings().tiers().keySet()) {
                if (!name.equals(named) && isOf(name, installation)) {
                    there.add(name);
                }
            }
            others = Optional.of(there);
        }
        return others.get();
    }

    private boolean isOf(String name, UUID installation) throws IOException, InterruptedException {
        try {
            boolean same = new HomeRecovery(place.home(), tier(name), clock)
                    .claims().stream().anyMatch(claim -> claim.id().equals(installation));
            if (!same) {
                told.accept("Tier " + name + " is of another installation, and is left out");
            }
            return same;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.BUG) {
                throw e;
            }
            told.accept(
                    "Tier " + name + " is left out (" + e.text() + "): keys, journal and images that only it has are"
                            + " missing then. To have them, bring it back and begin again with an empty --home");
            return false;
        }
    }
}
