package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Rewrapped;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.ledger.TierTable.BundleRow;
import org.strongroom.sidecar.ledger.TierTable.KeyPlace;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.tier.Tier;

/**
 * Sees to it that a tier holds the key that opens a pack before the pack has a receipt there: wrapped, in a bundle (format.md
 * §5.4). Thread-safe.
 */
public final class KeyBundles {
    private static final Logger LOG = LoggerFactory.getLogger(KeyBundles.class);
    /** A bundle that was read back so lately is there: a store may charge for each question. */
    private static final Duration BELIEVED = Duration.ofMinutes(1);
    /** 256 records of at most a few hundred bytes; a larger object is not a bundle of ours. */
    private static final int LARGEST = 4 << 20;

    private final Home home;
    private final UUID installation;
    private final TierTable table;
    private final WrappedKeys keyring;
    private final RunningTime time;
    private final Map<String, Duration> readBack = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    public KeyBundles(Home home, UUID installation, TierTable table, RunningTime time) {
        this.home = home;
        this.time = time;
        this.installation = installation;
        this.table = table;
        this.keyring = new WrappedKeys(home, table);
    }

    /**
     * The name of a bundle in {@code tier} that holds {@code key}, written and read back now if there was none.
     *
     * @throws StrongroomException NOT_FOUND if the keyring has no record of the key
     */
    public String ensure(Tier tier, UUID key) throws IOException {
        KeyPlace place = place(key);
        Optional<BundleRow> bundle = table.bundle(tier.name(), place.segment());
        if (bundle.isPresent()
                && bundle.get().records() > place.position()
                && isThere(tier, bundle.get().name())) {
            return bundle.get().name();
        }
        return write(tier, place.segment());
    }

    private boolean isThere(Tier tier, String name) {
        Duration now = time.now();
        readBack.values().removeIf(at -> now.minus(at).compareTo(BELIEVED) > 0);
        return readBack.containsKey(name) || tier.head(name).isPresent();
    }

    /** As {@link #ensure}, but reads the bundle: one that is damaged stays where it is, and another one is written. */
    public String ensureWhole(Tier tier, UUID key) throws IOException {
        String name = ensure(tier, key);
        if (isWhole(tier, name, key)) {
            return name;
        }
        LOG.warn("{} in tier {} is damaged: another one is written", name, tier.name());
        table.forgetBundle(tier.name(), name);
        return ensure(tier, key);
    }

    /**
     * Whether Home's keyring has a record of a key, be it a destroyed one.
     *
     * @throws StrongroomException if it has none in what can be read, and something cannot
     */
    public synchronized boolean knows(UUID key) throws IOException {
        return find(key).isPresent();
    }

    /** The segments of Home's keyring, with the lengths of their files. */
    Map<Integer, Long> segments() throws IOException {
        return keyring.segments();
    }

    /**
     * Sees to it that a tier holds a bundle of all that the keyring has of a segment, whether a pack there needs it or not.
     *
     * @throws StrongroomException REFUSED or CORRUPT if the segment cannot be read here; or what the tier throws
     */
    void hold(Tier tier, int segment) throws IOException {
        List<KeyRecord> now = readable(segment);
        long records = studys(now);
        if (records == 0
                || table.bundle(tier.name(), segment)
                        .filter(one -> one.records() >= records)
                        .isPresent()) {
            return;
        }
        List<String> names = new ArrayList<>();
        String whole = KeyBundle.prefix(segment) + records + "-";
        tier.list(whole, info -> names.add(info.name())); // what a ledger that was lost knew
        for (String name : names) {
            if (isOf(tier, name, now)) {
                return; // and no more: who relied on it may have been told not to
            }
        }
        write(tier, segment);
    }

    /** One that the tier does not give is as good as none: another one is written. */
    private static boolean isOf(Tier tier, String name, List<KeyRecord> records) throws IOException {
        try {
            return read(tier, name)
                    .filter(bundle -> bundle.records().equals(records))
                    .isPresent();
        } catch (StrongroomException e) {
            LOG.debug("{} in tier {} cannot be read", name, tier.name(), e);
            return false;
        }
    }

    /**
     * Reads a bundle that is relied on. One that is damaged stays where it is, and another one is written.
     *
     * @return whether it was whole
     */
    public boolean mend(MarkedTier marked, BundleRow bundle) throws IOException {
        Tier tier = marked.tier();
        try {
            if (read(tier, bundle.name())
                    .filter(one -> one.installation().equals(installation))
                    .isPresent()) {
                return true;
            }
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
        marked.requireOurs(); // what a disk that was unmounted does not show is not gone
        if (!table.bundles(tier.name()).contains(bundle)) {
            return true; // another one took its place since it was listed
        }
        if (studys(now(bundle.segment())) < bundle.records()) {
            throw StrongroomException.of(
                            FailureKind.CORRUPT,
                            "a key bundle is damaged, and Home's keyring holds fewer keys than it did")
                    .with("tier", tier.name())
                    .with("object", bundle.name())
                    .cure(
                            "Restore the keyring from a backup of Home; until then leave every key bundle in the tiers alone");
        }
        LOG.warn("{} in tier {} is damaged or gone: another one is written", bundle.name(), tier.name());
        write(tier, bundle.segment());
        forget(tier, bundle.name()); // after the other one is there: a kill between leaves one row too many, never none
        return false;
    }

    /** What a bundle of this segment holds that is written now; empty if Home's keyring has no such segment. */
    List<KeyRecord> now(int segment) {
        return Files.exists(keyring.segment(segment)) ? readable(segment) : List.of();
    }

    /** Whether {@code now} has everything that this bundle of a segment holds, whatever wraps it, so that it takes its place. */
    boolean isReplaceable(int segment, KeyBundle bundle, List<KeyRecord> now) throws IOException {
        return whyNotReplaceable(segment, Set.copyOf(bundle.records()), now).isEmpty();
    }

    /** Why {@code now} cannot take the place of these, which bundles of a segment hold; empty if it can. */
    Optional<String> whyNotReplaceable(int segment, Set<KeyRecord> carried, List<KeyRecord> now) throws IOException {
        return new BundleSuccession(now, Rewrapped.of(home.keyring(), segment)).whyNot(carried);
    }

    /** A bundle of this tier that was read just now, and holds these, is relied on from now on. */
    void believe(Tier tier, int segment, String name, List<KeyRecord> records) {
        table.bundle(tier.name(), new BundleRow(name, segment, Math.toIntExact(studys(records))));
    }

    /** A bundle of this tier is not relied on any more. */
    void forget(Tier tier, String name) {
        table.forgetBundle(tier.name(), name);
        readBack.remove(name);
    }

    /**
     * Reads one.
     *
     * @return empty if these are not the bytes of one
     * @throws StrongroomException NOT_FOUND if it is not there (any more)
     */
    static Optional<KeyBundle> read(Tier tier, String name) throws IOException {
        long size = tier.head(name).map(Tier.ObjectInfo::size).orElseThrow(() -> StrongroomException.of(
                        FailureKind.NOT_FOUND, "the tier has no such key bundle")
                .with("tier", tier.name())
                .with("object", name));
        if (size > LARGEST) {
            return Optional.empty();
        }
        try (InputStream in = tier.get(name, 0, size)) {
            return Optional.of(KeyBundle.decode(in.readNBytes((int) size)));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.CORRUPT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<KeyRecord> records(int segment) throws IOException {
        List<KeyRecord> all = new ArrayList<>(keyring.tenants());
        all.addAll(WrappedKeys.records(keyring.segment(segment)));
        return all;
    }

    /** @throws StrongroomException REFUSED where the disk does not give it: what needs other segments goes on */
    List<KeyRecord> readable(int segment) {
        try {
            return records(segment);
        } catch (IOException e) {
            throw WrappedKeys.unreadable(keyring.segment(segment), e);
        }
    }

    private static boolean isWhole(Tier tier, String name, UUID key) throws IOException {
        try {
            return read(tier, name)
                    .filter(bundle -> bundle.records().stream()
                            .anyMatch(record -> record.label().id().equals(key)))
                    .isPresent();
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /**
     * The segment of Home's keyring that a key is in.
     *
     * @throws StrongroomException NOT_FOUND if the keyring has no record of it
     */
    int segmentOf(UUID key) throws IOException {
        return place(key).segment();
    }

    private synchronized KeyPlace place(UUID key) throws IOException {
        return find(key)
                .orElseThrow(
                        () -> StrongroomException.of(
                                        FailureKind.NOT_FOUND,
                                        "the keyring has no record of a key that sealed something")
                                .with("key", key)
                                .cure(
                                        "Restore the keyring from a backup of Home, or from the records in a tier's bundles (format.md §5.4)"));
    }

    private Optional<KeyPlace> find(UUID key) throws IOException {
        Optional<KeyPlace> known = table.key(key);
        if (known.isPresent()) {
            return known;
        }
        try {
            keyring.refresh();
        } catch (StrongroomException e) { // it may be in what cannot be read
            return Optional.of(table.key(key).orElseThrow(() -> e));
        }
        return table.key(key);
    }

    static long studys(List<KeyRecord> records) {
        return records.stream()
                .filter(record -> record.label().kind() != KeyKind.TENANT)
                .count();
    }

    /** Writes a bundle of what the keyring holds of this segment, and reads it back. */
    String write(Tier tier, int segment) throws IOException {
        List<KeyRecord> all = readable(segment);
        long records = studys(all);
        byte[] bundle = new KeyBundle(installation, all).encode();
        byte[] unique = new byte[8];
        random.nextBytes(unique);
        String name = KeyBundle.prefix(segment) + records + "-" + HexFormat.of().formatHex(unique);
        tier.put(name, bundle);
        try (InputStream in = tier.get(name, 0, bundle.length)) {
            if (!Arrays.equals(in.readNBytes(bundle.length), bundle)) {
                throw StrongroomException.of(FailureKind.CORRUPT, "a key bundle in a tier is not what was sent")
                        .with("tier", tier.name())
                        .with("object", name);
            }
        }
        readBack.put(name, time.now());
        table.bundle(tier.name(), new BundleRow(name, segment, Math.toIntExact(records)));
        return name;
    }
}
