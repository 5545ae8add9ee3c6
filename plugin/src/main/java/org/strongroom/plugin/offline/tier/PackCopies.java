package org.strongroom.plugin.offline.tier;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.plugin.export.Destination.Sealed;

/**
 * Opens packs in the tiers that have them: in one, and in another only when somebody has to read there. A tier that was silent is asked
 * behind the others, and after a few packs in a row not at all: each question to one that is away takes a good while, and there may be
 * thousands of packs. For one look at everything, by one thread.
 */
final class PackCopies {
    private static final int PATIENCE = 3;

    private final TierContents contents;
    /** How often a tier was silent, since it answered last. */
    private final Map<String, Integer> silent = new HashMap<>();
    /** What was told of it then. */
    private final Map<String, StrongroomException> told = new HashMap<>();

    PackCopies(TierContents contents) {
        this.contents = contents;
    }

    /** A pack that was opened in one of its tiers. */
    final class Opened {
        private final PackLine pack;
        private final Map<String, PackReader> readers = new HashMap<>();
        private final List<String> tiers = new ArrayList<>();

        private Opened(PackLine pack) {
            this.pack = pack;
        }

        List<PackMember> members() {
            return readers.get(tiers.get(0)).layout().index().members();
        }

        /** Where it can be read; where nobody has read yet it is opened then. */
        List<Sealed> places(PackMember member) {
            return tiers.stream()
                    .<Sealed>map(tier -> () -> reader(tier).sealedFile(member))
                    .toList();
        }

        private PackReader reader(String tier) throws IOException {
            PackReader reader = readers.get(tier);
            if (reader == null) {
                reader = read(tier, pack);
                readers.put(tier, reader);
            }
            return reader;
        }
    }

    /** @throws StrongroomException why the last of its tiers does not give it; there has to be one */
    Opened open(PackLine pack) throws IOException {
        Opened opened = new Opened(pack);
        List<String> tiers = pack.tiers().stream()
                .sorted(Comparator.comparing(silent::containsKey))
                .toList();
        for (int i = 0; i < tiers.size(); i++) {
            try {
                opened.reader(tiers.get(i));
                opened.tiers.addAll(tiers.subList(i, tiers.size()));
                return opened;
            } catch (StrongroomException e) {
                if (i == tiers.size() - 1) {
                    throw e;
                }
            }
        }
        throw new IllegalArgumentException("no tier has " + pack.pack());
    }

    private PackReader read(String tier, PackLine pack) throws IOException {
        if (silent.getOrDefault(tier, 0) >= PATIENCE) {
            throw told.get(tier);
        }
        try {
            PackReader reader = PackReader.open(
                    new RecentBlocks(contents.object(tier, PackPrologue.objectName(pack.pack()), pack.bytes())));
            silent.remove(tier);
            return reader;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                silent.merge(tier, 1, Integer::sum);
                told.put(tier, e);
            }
            throw e;
        }
    }
}
