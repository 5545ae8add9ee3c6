package org.strongroom.plugin.keys;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;

/**
 * Makes the keyring of a lost Home again, of bundles and the recovery private key or the root key that it had, under a new root key
 * (format.md §5, §8). Nothing is believed that does not open. Used by one thread.
 */
public final class KeyringRecovery {
    private final Installation claimed;
    private final Opener opener;
    private final SecureRandom random;
    private final Map<List<Object>, Tenant> tenants = new LinkedHashMap<>();
    private final TreeMap<Integer, List<KeyRecord>> segments = new TreeMap<>();
    private Optional<JournalKey> journalKey = Optional.empty();
    private JournalKey signer;

    /** @param claimed what a tier says; its recovery key must be that of {@code recoveryKey} */
    public KeyringRecovery(Installation claimed, Key32 recoveryKey, SecureRandom random) {
        if (!PendingRecoveryKey.isOf(claimed, recoveryKey)) {
            throw new IllegalArgumentException("another installation's recovery key");
        }
        this.claimed = claimed;
        this.opener = new OfKit(claimed, recoveryKey);
        this.random = random;
    }

    private KeyringRecovery(Installation claimed, Opener opener, SecureRandom random) {
        this.claimed = claimed;
        this.opener = opener;
        this.random = random;
    }

    /**
     * The same with the root key that the keyring had, for a machine that is lost while its passphrase, token or key service is not.
     *
     * @param claimed what a tier says
     * @param root that the tier's copy of {@code root.json} gives with that source; the caller destroys it when all is written
     */
    public static KeyringRecovery withRoot(Installation claimed, Key32 root, SecureRandom random) {
        return new KeyringRecovery(claimed, new OfRoot(claimed, root), random);
    }

    /** What opens the tenants and the journal's key. */
    private interface Opener {
        /** @throws StrongroomException CORRUPT if it does not open */
        Tenant tenant(KeyRecord record);

        Optional<JournalKey> journalKey(byte[] wrapped);
    }

    private record OfKit(Installation claimed, Key32 recoveryKey) implements Opener {
        @Override
        public Tenant tenant(KeyRecord record) {
            return Tenant.recover(record, recoveryKey);
        }

        @Override
        public Optional<JournalKey> journalKey(byte[] wrapped) {
            return JournalKey.recover(wrapped, claimed.id(), recoveryKey);
        }
    }

    private record OfRoot(Installation claimed, Key32 root) implements Opener {
        @Override
        public Tenant tenant(KeyRecord record) {
            return Tenant.open(record, root)
                    .orElseThrow(() -> StrongroomException.of(
                            FailureKind.CORRUPT, "a key bundle that the root key of now does not open"));
        }

        @Override
        public Optional<JournalKey> journalKey(byte[] sealed) {
            return JournalKey.open(sealed, claimed.id(), root);
        }
    }

    /**
     * Takes the records of one segment of the keyring; of several bundles of one segment those of the one that is under the newest keys of the tenants, and
     * all the tenants' keys. A key that one of them knows as destroyed is: nothing else tells the bundle of before from the one of after.
     *
     * @return whether the segment has the same keys now as the bundle, and lost none by it
     * @throws StrongroomException CORRUPT if the bundle is damaged, another installation's, or holds a record that does not open;
     *     then nothing is taken
     */
    public boolean segment(int number, byte[] content) {
        Opened bundle = open(content);
        List<KeyRecord> records = bundle.records().stream()
                .map(record -> underKnown(record, bundle.tenants().get(name(record))))
                .toList();
        bundle.tenants().forEach(tenants::putIfAbsent);
        boolean same = ids(segments.getOrDefault(number, records)).equals(ids(records));
        segments.merge(number, records, KeyringRecovery::merged);
        return same;
    }

    /**
     * Whether each key of a bundle is among those of its segment; one that only goes on from what was taken is taken instead, as where another tier's copy of
     * it is damaged. Where one is not, two Homes made keys of their own.
     *
     * @return empty if the bundle is not one that {@link #segment} takes
     */
    public Optional<Boolean> fits(int number, byte[] content) {
        Set<UUID> own;
        try {
            own = ids(open(content).records());
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            return Optional.empty();
        }
        Set<UUID> taken = ids(segments.getOrDefault(number, List.of()));
        if (!taken.containsAll(own) && own.containsAll(taken)) {
            segment(number, content);
            return Optional.of(true);
        }
        return Optional.of(taken.containsAll(own));
    }

    private static Set<UUID> ids(List<KeyRecord> records) {
        return records.stream().map(record -> record.label().id()).collect(Collectors.toSet());
    }

    /** A bundle of which every record opens. */
    private record Opened(Map<List<Object>, Tenant> tenants, List<KeyRecord> records) {}

    private Opened open(byte[] content) {
        KeyBundle bundle = KeyBundle.decode(content);
        if (!bundle.installation().equals(claimed.id())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a key bundle of another installation");
        }
        Map<List<Object>, Tenant> opened = new LinkedHashMap<>();
        List<KeyRecord> records = new ArrayList<>();
        for (KeyRecord record : bundle.records()) {
            if (record.label().kind() == KeyKind.TENANT) {
                opened.put(name(record), opener.tenant(record));
                continue;
            }
            Tenant tenant = opened.get(name(record));
            if (tenant == null) {
                throw StrongroomException.of(FailureKind.CORRUPT, "a key bundle without the key of its tenant");
            }
            if (isDestroyed(record)) {
                tenant.requireDestroyed(record);
            } else {
                tenant.unwrap(record);
            }
            records.add(record);
        }
        return new Opened(opened, records);
    }

    /** Two Homes may have made different keys of one number, one of them from a backup of before: what is under the other is wrapped anew. */
    private KeyRecord underKnown(KeyRecord record, Tenant wrapper) {
        Tenant known = tenants.getOrDefault(name(record), wrapper);
        return known.hasKeysOf(wrapper) ? record : known.rewrapped(record, wrapper);
    }

    private static List<KeyRecord> merged(List<KeyRecord> one, List<KeyRecord> other) {
        boolean isOther = other.size() == one.size() ? epochs(other) > epochs(one) : other.size() > one.size();
        List<KeyRecord> base = isOther ? other : one;
        Map<UUID, KeyRecord> rest = new HashMap<>();
        (isOther ? one : other).forEach(record -> rest.put(record.label().id(), record));
        return base.stream()
                .map(record -> later(record, rest.getOrDefault(record.label().id(), record)))
                .toList();
    }

    private static KeyRecord later(KeyRecord one, KeyRecord other) {
        if (isDestroyed(one) != isDestroyed(other)) {
            return isDestroyed(one) ? one : other;
        }
        return other.label().epoch() > one.label().epoch() ? other : one;
    }

    private static boolean isDestroyed(KeyRecord record) {
        return record.label().kind() == KeyKind.DESTROYED;
    }

    private static long epochs(List<KeyRecord> records) {
        return records.stream().mapToLong(record -> record.label().epoch()).sum();
    }

    private static List<Object> name(KeyRecord record) {
        return List.of(record.label().tenant(), record.label().epoch());
    }

    /** Takes the key that signed the journal, if this is it: wrapped to the recovery key, or sealed under the root key. */
    public void journalKey(byte[] wrapped) {
        Optional<JournalKey> found = opener.journalKey(wrapped);
        if (found.isPresent()) {
            journalKey = found;
        }
    }

    /** How many keys of studies and attachments there are. */
    public long keys() {
        return segments.values().stream().mapToLong(List::size).sum();
    }

    /**
     * Segments below the last one of which there was no bundle with a key: nothing that the tier holds needed them, as when all that their keys sealed was
     * erased before the tier was there; or somebody has deleted their bundles.
     */
    public List<Integer> missing() {
        List<Integer> missing = new ArrayList<>();
        for (int number = 1; !segments.isEmpty() && number < segments.lastKey(); number++) {
            if (segments.getOrDefault(number, List.of()).isEmpty()) {
                missing.add(number);
            }
        }
        return missing;
    }

    /** Whether the journal can be gone on with; else it gets another key, and nothing proves any more what it was. */
    public boolean hasJournalKey() {
        return journalKey.isPresent();
    }

    /** Whether each key that an earlier attempt wrote into {@code home} is among those that were taken: then nothing is lost with what it wrote. */
    public boolean hasAllOf(Home home) throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        Set<Path> known = new HashSet<>();
        tenants.values().forEach(tenant -> known.add(files.tenant(tenant.id(), tenant.epoch())));
        if (Files.exists(files.tenants())) {
            try (DirectoryStream<Path> earlier = Files.newDirectoryStream(files.tenants(), "*.strk")) {
                for (Path tenant : earlier) {
                    if (!known.contains(tenant)) {
                        return false;
                    }
                }
            }
        }
        for (int number = 1; number <= files.segments(); number++) {
            Path segment = files.segment(number);
            Set<UUID> taken = ids(segments.getOrDefault(number, List.of()));
            if (Files.exists(segment) && !taken.containsAll(idsIn(segment))) {
                return false;
            }
        }
        return true;
    }

    /** Of a damaged file one that nobody has: nothing says what was in it. */
    private static Set<UUID> idsIn(Path segment) throws IOException {
        try {
            return ids(KeySegment.decode(Files.readAllBytes(segment)).records());
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.CORRUPT) {
                return Set.of(UUID.randomUUID());
            }
            throw e;
        }
    }

    /**
     * Writes the keyring, in place of what an earlier attempt wrote, perhaps of other tiers; {@code installation.json} is left to the caller, to be written last.
     * The root key is another one. What the lost one opens stays in the tiers, and no change is recorded: nobody knows here whether the
     * machine that was lost is gone, or this is a rehearsal beside it.
     *
     * @throws StrongroomException NOT_FOUND if there is no tenant; REFUSED if the key source cannot be read
     */
    public Installation write(Home home, KeySource source) throws IOException {
        if (tenants.isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "the tier holds no keys that open");
        }
        KeyringFiles files = new KeyringFiles(home);
        DurableFiles.createDirectories(files.tenants());
        DurableFiles.createDirectories(files.records());
        clear(home);
        RootParameters parameters = source.newParameters(random);
        Key32 root = source.rootKey(parameters);
        try {
            parameters.write(files.root());
            for (Tenant tenant : tenants.values()) {
                KeyRecord record = tenant.wrappedTo(root);
                DurableFiles.replace(files.tenant(tenant.id(), record.label().epoch()), record.encode());
            }
            for (int number : missing()) {
                DurableFiles.replace(files.segment(number), new byte[0]); // numbers go on without a gap
            }
            for (Map.Entry<Integer, List<KeyRecord>> segment : segments.entrySet()) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                segment.getValue().forEach(record -> all.writeBytes(record.encode()));
                DurableFiles.replace(files.segment(segment.getKey()), all.toByteArray());
            }
            signer = journalKey.orElseGet(() -> JournalKey.generate(random));
            signer.write(files, claimed.id(), root);
            Installation made =
                    new Installation(claimed.id(), claimed.created(), claimed.recoveryKey(), signer.publicKey());
            signer.keepForRecovery(files, made);
            return made;
        } finally {
            root.destroy();
        }
    }

    /** Deletes what an earlier attempt wrote: it is under the root key of that one. */
    public static void clear(Home home) throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        for (Path folder : List.of(files.tenants(), files.records())) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
                for (Path file : all) {
                    Files.delete(file);
                }
            }
        }
    }

    /** After {@link #write}: signs the head of the journal, as the keyring that was written does. */
    public byte[] signJournalHead(byte[] head) {
        return signer.sign(head);
    }
}
