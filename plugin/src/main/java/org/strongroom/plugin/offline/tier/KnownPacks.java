package org.strongroom.plugin.offline.tier;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.plugin.journal.Journal;

/** What Home's journal says of packs (format.md §6.1), as it is now. Used by one thread. */
public final class KnownPacks {
    private final Home home;
    private final Installation installation;
    private final Map<UUID, Sha256> digests = new HashMap<>();
    private final JournalHead other;
    private Sha256 chainThere;

    private KnownPacks(Home home, Installation installation, JournalHead other) {
        this.home = home;
        this.installation = installation;
        this.other = other;
    }

    /**
     * Reads the journal.
     *
     * @param other a genuine head that was found elsewhere, before
     * @throws StrongroomException STALE if that head goes further than the journal here; CORRUPT if it is another journal's, or
     *     if the one here is damaged; NOT_FOUND if there is none here
     */
    public static KnownPacks read(Home home, Installation installation, JournalHead other) throws IOException {
        KnownPacks known = new KnownPacks(home, installation, other);
        known.chainThere = JournalEntry.firstChain(installation.id());
        long[] last = new long[1];
        Journal.read(home.journal(), installation, (entry, chain) -> {
            last[0] = entry.sequence();
            known.note(entry, chain);
        });
        if (other.sequence() > last[0]) {
            throw StrongroomException.of(
                            FailureKind.STALE, "the journal here is older than the one that the tier has seen")
                    .with("here", last[0])
                    .with("tier", other.sequence())
                    .cure("Restore the journal folder from the tier before Orthanc writes more");
        }
        if (!known.chainThere.equals(other.chain())) {
            throw StrongroomException.of(
                            FailureKind.CORRUPT, "the journal here is another than the one that the tier has seen")
                    .with("sequence", other.sequence())
                    .cure(
                            "Find out which is right: somebody brought back an older journal here, and it went on from there");
        }
        return known;
    }

    private void note(JournalEntry entry, Sha256 chain) {
        if (entry.sequence() == other.sequence()) {
            chainThere = chain;
        }
        switch (entry.type()) {
            case PACK -> digests.put(entry.id(), entry.digest());
            default -> {} // of no file
        }
    }

    /** Whether the journal names it. */
    public boolean knows(UUID pack) {
        return digests.containsKey(pack);
    }

    /** Throws unless the journal says that this pack is genuine: CORRUPT if it names another one, STALE if none. */
    public void require(PackLayout pack) {
        Sha256 digest = digests.get(pack.prologue().pack());
        if (digest == null) {
            throw StrongroomException.of(FailureKind.STALE, "the journal does not know the pack");
        }
        if (!digest.equals(pack.footer().digest())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the pack is not the one that the journal knows");
        }
    }

    /** Whether Orthanc removed every member of a pack, under each name that it had. */
    public boolean isForgotten(PackLayout pack) throws IOException {
        Set<UUID> names = new HashSet<>();
        for (PackMember member : pack.index().members()) {
            names.add(member.header().attachment());
        }
        Set<UUID> members = Set.copyOf(names);
        Set<UUID> living = new HashSet<>(members);
        Journal.read(home.journal(), installation, (entry, chain) -> {
            switch (entry.type()) {
                case TOMBSTONE -> living.remove(entry.id());
                case RESTORED -> {
                    if (names.contains(entry.id())) {
                        living.add(entry.id());
                    }
                }
                case ALIAS -> {
                    if (members.contains(entry.sealed())) {
                        names.add(entry.id());
                        living.add(entry.id());
                    }
                }
                case MOVED -> {
                    living.remove(entry.sealed()); // never Orthanc's name for it
                    living.remove(entry.id());
                    if (members.contains(entry.sealed())) {
                        names.add(entry.id());
                        living.add(entry.id());
                    }
                }
                default -> {} // of no file
            }
        });
        return living.isEmpty();
    }
}
