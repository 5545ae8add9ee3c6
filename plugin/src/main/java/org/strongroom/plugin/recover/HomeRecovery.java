package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.journal.JournalRecovery;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.KeyringRecovery;
import org.strongroom.plugin.supervise.JoinedTiers;
import org.strongroom.plugin.supervise.SmallObjects;

/**
 * Makes the keys and the journal of a lost Home again of what a tier holds, or several. What the tier says is a claim: only what the recovery key
 * opens, or what a key signed that it opens, counts. Interrupted, it may be begun again. Used by one thread.
 */
public final class HomeRecovery {
    private final Home home;
    private final SmallObjects tier;
    private final Clock clock;
    private final TierNames names;
    private final OneHistory history;

    /** Lists the tier. */
    public HomeRecovery(Home home, SmallObjects tier, Clock clock) throws IOException, InterruptedException {
        this(home, List.of(tier), clock);
    }

    /**
     * Of several tiers of one installation: the furthest of each part counts, and what does not fit together is CORRUPT. Lists them.
     *
     * @param tiers at least one, in the order in which they are asked
     */
    public HomeRecovery(Home home, List<SmallObjects> tiers, Clock clock) throws IOException, InterruptedException {
        this.home = home;
        this.tier = JoinedTiers.of(tiers);
        this.clock = clock;
        this.history = new OneHistory(tiers);
        this.names = TierNames.of(tier.list());
    }

    /**
     * What came back.
     *
     * @param keys of studies and attachments
     * @param missing segments of the keyring that the tier has no bundle of: there are no keys in them now
     * @param sameJournalKey whether the journal goes on under the key that it had
     */
    public record Made(
            Installation installation,
            long keys,
            List<Integer> missing,
            boolean sameJournalKey,
            JournalRecovery.Restored journal) {
        public Made {
            missing = List.copyOf(missing);
        }
    }

    /**
     * The installations that the tier claims to be of; usually one.
     *
     * @throws StrongroomException NOT_FOUND if it claims none
     */
    public List<Installation> claims() throws IOException, InterruptedException {
        List<Installation> claims = new ArrayList<>();
        for (Path file : tier.get(names.copies(HomeCopy.IDENTITY)).values()) {
            try {
                Installation.read(file).ifPresent(claims::add);
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
            }
        }
        if (claims.isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "the tier holds no installation")
                    .cure("Name the place that the sheets name. It holds an object tier.id, and others that begin with "
                            + HomeCopy.PREFIX);
        }
        return claims;
    }

    /** The audit logs that the tier has anchors of. */
    public List<FormerLog> formerLogs() {
        return FormerLog.of(names.all());
    }

    /**
     * Writes keyring, journal, and last {@code installation.json}.
     *
     * @param claimed one of {@link #claims}, whose recovery key is that of {@code recoveryKey}
     * @throws StrongroomException CORRUPT if a part of it is damaged, and no other copy in the tier opens; or if several tiers do not fit
     *     together; REFUSED if an earlier attempt wrote keys or entries into Home that these tiers do not have. Then nothing is written
     */
    public Made run(Installation claimed, Key32 recoveryKey, KeySource source)
            throws IOException, InterruptedException {
        KeyringRecovery keyring = new KeyringRecovery(claimed, recoveryKey, new SecureRandom());
        journalKey(keyring, HomeCopy.JOURNAL_RECOVERY_KEY);
        return write(keyring, source);
    }

    /**
     * The same where the root key that Home had is not lost: without the kit.
     *
     * @param former that gives it, by the tier's copy of {@code root.json}
     * @throws StrongroomException REFUSED if it opens nothing in the tier; CORRUPT as {@link #run}
     */
    public Made runWithRoot(Installation claimed, KeySource former, KeySource source)
            throws IOException, InterruptedException {
        StrongroomException refused = StrongroomException.of(
                        FailureKind.REFUSED, "Strongroom.RootKey opens nothing in the tier")
                .cure("Name the source that the keys were made with; or give sheets of the recovery kit");
        Optional<StrongroomException> damaged = Optional.empty();
        for (String copy : names.copies(HomeCopy.ROOT)) {
            Optional<Key32> root = Optional.empty();
            try {
                root = Optional.of(former.rootKey(tier.get(List.of(copy)).get(copy)));
                KeyringRecovery keyring = KeyringRecovery.withRoot(claimed, root.get(), new SecureRandom());
                journalKey(keyring, HomeCopy.JOURNAL_KEY);
                if (keyring.hasJournalKey()) {
                    return write(keyring, source);
                }
            } catch (StrongroomException e) {
                if (e.kind() == FailureKind.UNAVAILABLE || (root.isPresent() && e.kind() != FailureKind.CORRUPT)) {
                    throw e;
                }
                damaged = root.isPresent() ? Optional.of(e) : damaged;
                refused.addSuppressed(e); // a copy of another time, of another source, or of a key that wraps no more
            } finally {
                root.ifPresent(Key32::destroy);
            }
        }
        throw damaged.orElse(refused);
    }

    private void journalKey(KeyringRecovery keyring, HomeCopy kind) throws IOException, InterruptedException {
        for (Path file : tier.get(names.copies(kind)).values()) {
            keyring.journalKey(Files.readAllBytes(file));
        }
    }

    private Made write(KeyringRecovery keyring, KeySource source) throws IOException, InterruptedException {
        history.require(keyring, segments(keyring));
        Map<String, Path> files = tier.get(names.journal());
        TreeMap<Integer, byte[]> segments = new TreeMap<>();
        List<byte[]> heads = new ArrayList<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            byte[] content = Files.readAllBytes(file.getValue());
            Optional<Integer> segment = TierNames.journalSegment(file.getKey());
            if (segment.isPresent()) {
                segments.put(segment.get(), content);
            } else {
                heads.add(content);
            }
        }
        history.require(files.keySet(), segments);
        requireEarlier(keyring, segments);
        Installation made = keyring.write(home, source);
        JournalRecovery.Restored journal = journal(made, segments, heads, keyring);
        made.write(home.installation());
        return new Made(made, keyring.keys(), keyring.missing(), keyring.hasJournalKey(), journal);
    }

    /** What an interrupted attempt wrote goes only if it can be had again: it may be of a tier that is gone since. */
    private void requireEarlier(KeyringRecovery keyring, Map<Integer, byte[]> journal) throws IOException {
        if (!keyring.hasAllOf(home) || !JournalRecovery.hasAllOf(home.journal(), journal)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "an earlier attempt wrote keys or a journal here that is not in what can be read now")
                    .with("--home", home.root())
                    .cure("Bring back the tier that it was of. If that is lost, name another, empty folder: this one"
                            + " stays as it is");
        }
    }

    private JournalRecovery.Restored journal(
            Installation made, Map<Integer, byte[]> segments, List<byte[]> heads, KeyringRecovery keyring)
            throws IOException {
        try {
            return JournalRecovery.write(
                    home.journal(), made, segments, heads, keyring::signJournalHead, clock.instant());
        } catch (StrongroomException e) {
            KeyringRecovery.clear(home); // all of it is in the tiers, and it is not gone on from
            JournalRecovery.clear(home.journal());
            throw e;
        }
    }

    /**
     * Of each segment the bundle with the most records; where that is damaged, the next one. Of several with as many the one under the newest keys of the
     * tenants counts, and none of these keys may be missing: the journal's texts are under the newest.
     *
     * @return names of the bundles all of whose keys are in the keyring
     */
    private Set<String> segments(KeyringRecovery keyring) throws IOException, InterruptedException {
        Map<Integer, List<String>> bundles = new TreeMap<>();
        names.bundles().forEach((segment, candidates) -> bundles.put(segment, new ArrayList<>(candidates)));
        Map<Integer, String> taken = new HashMap<>();
        Map<Integer, Set<String>> whole = new HashMap<>();
        while (!bundles.isEmpty()) {
            Map<String, Integer> asked = new TreeMap<>();
            bundles.forEach((segment, candidates) -> asked.put(candidates.remove(0), segment));
            for (Map.Entry<String, Path> file :
                    tier.get(List.copyOf(asked.keySet())).entrySet()) {
                int segment = asked.get(file.getKey());
                try {
                    boolean same = keyring.segment(segment, Files.readAllBytes(file.getValue()));
                    taken.putIfAbsent(segment, file.getKey());
                    Set<String> alike = whole.computeIfAbsent(segment, any -> new HashSet<>());
                    if (same) {
                        alike.add(file.getKey());
                    } else {
                        alike.clear(); // which of them is in the keyring now is for who compares the tiers
                    }
                } catch (StrongroomException e) {
                    if (e.kind() != FailureKind.CORRUPT) {
                        throw e;
                    }
                    if (!taken.containsKey(segment) && bundles.get(segment).isEmpty()) {
                        throw e.with("segment", segment).cure("Recover from another tier");
                    }
                }
            }
            bundles.entrySet().removeIf(segment -> {
                String known = taken.get(segment.getKey());
                List<String> more = segment.getValue();
                return known != null && (more.isEmpty() || !TierNames.areAsLarge(known, more.get(0)));
            });
        }
        return whole.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }
}
