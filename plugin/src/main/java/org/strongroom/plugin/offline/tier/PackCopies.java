package org.strongroom.plugin.offline.tier;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.export.Destination.Sealed;

/**
 * Opens packs in the tiers that have them: in one, and in another only when somebody has to read there. A tier that was silent a while
 * ago is asked behind the others. For one look at everything, by one thread.
 */
final class PackCopies {
    private final TierContents contents;
    private final SilentTiers silent;

    PackCopies(TierContents contents, SilentTiers silent) {
        this.contents = contents;
        this.silent = silent;
    }

    /** A pack that was opened in one of its tiers. */
    final class Opened {
        private final PackLine pack;
        private final Map<String, PackReader> readers = new HashMap<>();
        /** Why it could not be opened in others. */
        private final Map<String, StrongroomException> failures = new HashMap<>();

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
            if (failures.containsKey(tier)) {
                throw failures.get(tier);
            }
            PackReader reader = readers.get(tier);
            if (reader == null) {
                reader = first(tier);
                readers.put(tier, reader);
            }
            return reader;
        }

        private PackReader first(String tier) throws IOException {
            try {
                return read(tier, pack);
            } catch (StrongroomException e) {
                failures.put(tier, e); // no other member is held up by it
                throw e;
            }
        }
    }

    /** @throws StrongroomException why the last of its tiers does not give it; there has to be one */
    Opened open(PackLine pack) throws IOException {
        Opened opened = new Opened(pack);
        List<String> tiers = pack.tiers().stream()
                .sorted(Comparator.comparing(silent::contains))
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
        ByteSource object = contents.object(tier, PackPrologue.objectName(pack.pack()), pack.bytes());
        return PackReader.open(new RecentBlocks(silent.listening(tier, object)));
    }
}
