package org.strongroom.plugin.offline.recover;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.recover.HomeRecovery;
import org.strongroom.plugin.recover.RecoveryNote;
import org.strongroom.plugin.supervise.JoinedTiers;
import org.strongroom.plugin.supervise.SmallObjects;

/**
 * What a recovery reads of: the tier that is named, and those that the configuration names beside it. A study may be in another tier alone, and its key then too.
 * One that does not answer, as it burnt with the machine, is left out. Each is asked once. Used by one thread.
 */
final class RecoveryTiers {
    private final Home home;
    private final Function<String, SmallObjects> opener;
    private final Set<String> configured;
    private final Clock clock;
    private final Consumer<String> told;
    private final Set<String> candidates;
    private String named;
    private Optional<List<String>> read = Optional.empty();

    /**
     * @param opener gives the tier of a name, and it a place of its own for its files
     * @param configured names of all tiers
     * @param named the tier that is recovered from
     * @param told why another one is left out
     */
    RecoveryTiers(
            Home home,
            Function<String, SmallObjects> opener,
            Collection<String> configured,
            String named,
            Clock clock,
            Consumer<String> told) {
        this.home = home;
        this.opener = opener;
        this.configured = new LinkedHashSet<>(configured);
        this.candidates = new LinkedHashSet<>(configured);
        this.named = named;
        this.clock = clock;
        this.told = told;
    }

    /** Keys and journal are of an earlier call: no other tiers than that one's are read, for theirs may be another machine's. */
    void goOn(RecoveryNote note) {
        if (!note.tiers().isEmpty()) {
            candidates.retainAll(note.tiers());
            configured.stream()
                    .filter(name -> !candidates.contains(name))
                    .forEach(name -> told.accept("Tier " + name + " is left out: keys and journal are not of it"));
            if (!candidates.contains(named) && configured.contains(note.tier())) {
                named = note.tier();
            }
        }
    }

    /** The named one alone. */
    HomeRecovery one() throws IOException, InterruptedException {
        return new HomeRecovery(home, opener.apply(named), clock);
    }

    /** With each other one that is there and says that it is of the same installation. */
    HomeRecovery each(UUID installation) throws IOException, InterruptedException {
        return new HomeRecovery(home, tiers(installation), clock);
    }

    /** The same as if they were one. */
    SmallObjects all(UUID installation) throws IOException, InterruptedException {
        return JoinedTiers.of(tiers(installation));
    }

    private List<SmallObjects> tiers(UUID installation) throws IOException, InterruptedException {
        return read(installation).stream().map(opener).toList();
    }

    /**
     * Makes keys and journal; of the named tier alone if what they hold does not fit together, as another machine may have written to one of them. From then on
     * the others are not read.
     *
     * @param all of {@link #each}
     * @return what is known then; of which tiers is written into Home before any key is
     */
    RecoveryNote make(HomeRecovery all, Installation claimed, Key32 recoveryKey, KeySource source, RecoveryNote begun)
            throws IOException, InterruptedException {
        begun.of(read(claimed.id())).write(home.recovery());
        try {
            return made(begun, claimed.id(), all.run(claimed, recoveryKey, source));
        } catch (StrongroomException e) {
            if (read(claimed.id()).size() > 1 && e.kind() == FailureKind.UNAVAILABLE) {
                throw e.cure("Try again. If it stays, take the tier that does not give it out of the file of --config;"
                        + " what only that one has is missing then");
            }
            if (e.kind() != FailureKind.CORRUPT || read(claimed.id()).size() == 1) {
                throw e;
            }
            told.accept("What the tiers of the configuration hold does not fit together (" + e.text() + "): only tier "
                    + named + " is read");
        }
        read = Optional.of(List.of(named));
        begun.of(List.of(named)).write(home.recovery());
        return made(begun, claimed.id(), one().run(claimed, recoveryKey, source));
    }

    private RecoveryNote made(RecoveryNote begun, UUID installation, HomeRecovery.Made made)
            throws IOException, InterruptedException {
        if (!made.missing().isEmpty()) {
            told.accept("No key bundle is there of segment "
                    + made.missing().stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + " of the keys: no pack there needed one, or somebody deleted them");
        }
        return begun.of(read(installation)).made(made);
    }

    /** Tiers of the configuration that are not read. */
    Set<String> leftOut(UUID installation) throws IOException, InterruptedException {
        Set<String> out = new LinkedHashSet<>(configured);
        read(installation).forEach(out::remove);
        return out;
    }

    /** Names of those that are read, the named one first. */
    private List<String> read(UUID installation) throws IOException, InterruptedException {
        if (read.isEmpty()) {
            List<String> there = new ArrayList<>(List.of(named));
            for (String name : candidates) {
                if (!name.equals(named) && isOf(name, installation)) {
                    there.add(name);
                }
            }
            read = Optional.of(List.copyOf(there));
        }
        return read.get();
    }

    private boolean isOf(String name, UUID installation) throws IOException, InterruptedException {
        try {
            boolean same = new HomeRecovery(home, opener.apply(name), clock)
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
