package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.journal.JournalRecovery;
import org.strongroom.plugin.keys.KeyringRecovery;
import org.strongroom.plugin.supervise.SmallObjects;

/**
 * Whether several tiers tell of the same machine: what each has must be in what was taken of all. Where two machines wrote to them the longer copy of a
 * segment need not be the later one, and it lacks what the other machine wrote. Used by one thread.
 */
final class OneHistory {
    private record Own(SmallObjects tier, TierNames names) {}

    private final List<Own> tiers = new ArrayList<>();

    /** Lists each tier; a single one is its own history. */
    OneHistory(List<SmallObjects> tiers) throws IOException, InterruptedException {
        if (tiers.size() > 1) {
            for (SmallObjects tier : tiers) {
                this.tiers.add(new Own(tier, TierNames.of(tier.list())));
            }
        }
    }

    /**
     * Returns if each tier's own largest bundles hold no key that is not in the keyring, or only ones that come after all that is.
     *
     * @param taken names of the bundles that are whole in the keyring
     * @throws StrongroomException CORRUPT if one does
     */
    void require(KeyringRecovery keyring, Set<String> taken) throws IOException, InterruptedException {
        for (Own own : tiers) {
            Map<Integer, List<String>> left = new TreeMap<>();
            own.names().bundles().forEach((segment, names) -> {
                if (!taken.contains(names.get(0))) {
                    left.put(segment, new ArrayList<>(names));
                }
            });
            while (!left.isEmpty()) {
                Map<String, Integer> asked = new TreeMap<>();
                left.forEach((segment, names) -> asked.put(names.remove(0), segment));
                Map<String, Path> files = own.tier().get(List.copyOf(asked.keySet()));
                for (Map.Entry<String, Path> file : files.entrySet()) {
                    int segment = asked.get(file.getKey());
                    Optional<Boolean> known = keyring.fits(segment, Files.readAllBytes(file.getValue()));
                    if (known.isPresent() && !known.get()) {
                        throw two("keys", segment);
                    }
                    known.ifPresent(any -> left.remove(segment));
                }
                left.values().removeIf(List::isEmpty);
            }
        }
    }

    /**
     * Returns if each tier's own longest copies of the journal's segments are beginnings of those that were taken.
     *
     * @param taken names of the copies, which are not read once more
     * @param journal what they hold, by segment
     * @throws StrongroomException CORRUPT if one is not
     */
    void require(Set<String> taken, Map<Integer, byte[]> journal) throws IOException, InterruptedException {
        for (Own own : tiers) {
            List<String> others = own.names().journal().stream()
                    .filter(name -> TierNames.journalSegment(name).isPresent() && !taken.contains(name))
                    .toList();
            for (Map.Entry<String, Path> file : own.tier().get(others).entrySet()) {
                int segment = TierNames.journalSegment(file.getKey()).orElseThrow();
                if (!JournalRecovery.isBeginning(Files.readAllBytes(file.getValue()), journal.get(segment))) {
                    throw two("journal", segment);
                }
            }
        }
    }

    private static StrongroomException two(String part, int segment) {
        return StrongroomException.of(FailureKind.CORRUPT, "two machines wrote to the tiers, each its own")
                .with("part", part)
                .with("segment", segment)
                .cure("Recover from one tier alone");
    }
}
