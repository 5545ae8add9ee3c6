package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.StudySecret;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;

/**
 * The keys of one installation, open. A key's wrapped record is on disk before the key is handed out; makers that come
 * together share one fsync. Thread-safe.
 */
public final class Keyring implements AutoCloseable {
    private static final int KEPT_KEYS = 4096;
    private static final byte[] NOBODY = new byte[0];

    private final Installation installation;
    private final KeyringFiles files;
    private final Tenants tenants;
    private final JournalKey journalKey;
    private final KeyRecords records;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    /** How many are sealing with a key now. */
    private final Map<UUID, Integer> sealing = new ConcurrentHashMap<>();

    private final KeyOwners owners;
    private final KeyNames names;
    private final StateSeal state;
    private final BundleCheck bundles;

    private final Map<UUID, Key32> opened = Collections.synchronizedMap(new RecentKeys());

    Keyring(
            Installation installation,
            KeyringFiles files,
            Tenants tenants,
            JournalKey journalKey,
            KeyRecords records,
            Clock clock) {
        this.installation = installation;
        this.files = files;
        this.tenants = tenants;
        this.journalKey = journalKey;
        this.records = records;
        this.clock = clock;
        this.owners = new KeyOwners(records, tenants);
        this.names = new KeyNames(records, tenants, owners);
        this.state = new StateSeal(installation.id(), tenants);
        this.bundles = new BundleCheck(installation.id(), files, tenants, records, this::findKey);
    }

    private static final class RecentKeys extends LinkedHashMap<UUID, Key32> {
        private static final long serialVersionUID = 1L;

        RecentKeys() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Key32> eldest) {
            return size() > KEPT_KEYS;
        }
    }

    /** Whether Home has keys: {@code installation.json} is written last. */
    public static boolean exists(Home home) {
        return Files.exists(home.installation());
    }

    /**
     * Makes the keys of a new installation: tenant {@code clinic}, recovery key, journal key. Interrupted, it may be called
     * again: nothing was sealed with what it left behind.
     *
     * @throws StrongroomException REFUSED if the key source cannot be read, or if there is a keyring that may have sealed
     *     something: it is never overwritten
     */
    public static Keyring create(Home home, KeySource source, UUID installation, Clock clock) throws IOException {
        return KeyringOpening.create(home, source, installation, clock);
    }

    /**
     * Opens the keys of Home.
     *
     * @throws StrongroomException as {@link #open(Home, KeySource, Set, Clock)}
     */
    public static Keyring open(Home home, KeySource source, Clock clock) throws IOException {
        return open(home, source, Set.of(), clock);
    }

    /**
     * Opens the keys of Home.
     *
     * @param names of tenants that get keys if they have none
     * @throws StrongroomException REFUSED if the root key is not the one that wrapped them, or Home and keyring do not
     *     belong together; CORRUPT if a file of the keyring is damaged, with its name
     */
    public static Keyring open(Home home, KeySource source, Set<String> names, Clock clock) throws IOException {
        RootChange.finish(new KeyringFiles(home), RootChange.Steps.UNSEEN);
        RootChange.discard(new KeyringFiles(home));
        Keyring keyring = KeyringOpening.open(home, source, clock, names, true);
        keyring.journalKey.keepForRecovery(new KeyringFiles(home), keyring.installation);
        return keyring;
    }

    /**
     * Opens the keys of Home beside an Orthanc that may be making more, which are found too: asking for a new key is an
     * IllegalStateException.
     *
     * @throws StrongroomException as {@link #open(Home, KeySource, Clock)}
     */
    public static Keyring read(Home home, KeySource source, Clock clock) throws IOException {
        return KeyringOpening.open(home, source, clock, Set.of(), false);
    }

    /** Whose keys these are. */
    public Installation home() {
        return installation;
    }

    public UUID installation() {
        return installation.id();
    }

    /** The key of a study, whoever's it is; made for the first tenant if it has none. Raw values as in the file. */
    public StudyKey studyKey(byte[] patientId, byte[] studyInstanceUid) throws IOException {
        return studyKey(Optional.empty(), patientId, studyInstanceUid, () -> true)
                .orElseThrow();
    }

    /**
     * The key that a tenant has for a study, made if it has none.
     *
     * @param tenant one that the keyring was opened with
     */
    public StudyKey studyKey(String tenant, byte[] patientId, byte[] studyInstanceUid) throws IOException {
        return studyKey(Optional.of(tenant), patientId, studyInstanceUid, () -> true)
                .orElseThrow();
    }

    /**
     * The same, but none is made once {@code mayMake} says no; nobody finds, retires or makes another one between its answer and the making.
     *
     * @param tenant one that the keyring was opened with; empty for whoever's it is, or the first one
     * @return empty if there is none, and none may be made
     */
    public Optional<StudyKey> studyKey(
            Optional<String> tenant, byte[] patientId, byte[] studyInstanceUid, BooleanSupplier mayMake)
            throws IOException {
        Tenant whose = tenant.isPresent() ? tenants.named(tenant.get()) : ownerOrFirst(patientId, studyInstanceUid);
        Tag16 owner = whose.tags().study(patientId, studyInstanceUid);
        UUID id;
        synchronized (records) {
            Optional<UUID> known = records.find(owner);
            if (known.isEmpty() && !mayMake.getAsBoolean()) {
                return Optional.empty();
            }
            id = known.isPresent()
                    ? known.get()
                    : make(
                            whose,
                            KeyKind.STUDY,
                            owner,
                            new StudySecret(Key32.random(random), patientId, studyInstanceUid));
        }
        records.sync(id);
        return Optional.of(new StudyKey(id, keyOf(id), whose.id()));
    }

    private Tenant ownerOrFirst(byte[] patientId, byte[] studyInstanceUid) {
        for (Tenant tenant : tenants.all()) {
            if (records.find(tenant.tags().study(patientId, studyInstanceUid)).isPresent()) {
                return tenant;
            }
        }
        return tenants.first();
    }

    /** A new key for one attachment whose study is not known; the first tenant's. */
    public StudyKey attachmentKey() throws IOException {
        return attachmentKey(tenants.first());
    }

    /** The same for one of this tenant. */
    public StudyKey attachmentKey(String tenant) throws IOException {
        return attachmentKey(tenants.named(tenant));
    }

    private StudyKey attachmentKey(Tenant tenant) throws IOException {
        UUID id;
        synchronized (records) {
            id = make(tenant, KeyKind.ATTACHMENT, Tag16.NONE, new StudySecret(Key32.random(random), NOBODY, NOBODY));
        }
        records.sync(id);
        return new StudyKey(id, keyOf(id), tenant.id());
    }

    private UUID make(Tenant tenant, KeyKind kind, Tag16 owner, StudySecret secret) throws IOException {
        UUID id = UUID.randomUUID();
        records.add(tenant.wrap(kind, owner, secret, id, clock.millis()));
        opened.put(id, secret.key());
        return id;
    }

    /** Whose what a key sealed is. */
    public KeyOwners owners() {
        return owners;
    }

    /** Which keys studies and patients ever had. */
    public KeyNames names() {
        return names;
    }

    /** What the installation seals for itself. */
    public StateSeal state() {
        return state;
    }

    /** Whether a key bundle holds these keys. */
    public BundleCheck bundles() {
        return bundles;
    }

    /** Tells who has no keys which tenant is which, as {@link #owners} knows it now. */
    public void tellTenants(Home place) throws IOException {
        owners.ids().write(place.tenantIds());
    }

    /** The id of the tenant with this name; empty if there is none. */
    public Optional<UUID> tenantNamed(String name) {
        return tenants.find(name).map(Tenant::id);
    }

    /** The keys of all tenants: of each the one that is used. */
    public List<TenantKey> tenantKeys() {
        return tenants.all().stream().map(TenantKey::of).toList();
    }

    /** Their former keys that are still in the keyring, with what is on the disk now. */
    public List<FormerTenantKey> formerTenantKeys() throws IOException {
        return FormerTenantKey.all(tenants, files);
    }

    /** The name of the tenant with this id; empty if there is none. */
    public Optional<String> tenantName(UUID id) {
        return tenants.find(id).map(Tenant::name);
    }

    /** The id of a study's key, whoever's it is; empty if nothing of it was ever sealed. */
    public Optional<UUID> findStudyKey(byte[] patientId, byte[] studyInstanceUid) {
        for (Tenant tenant : tenants.all()) {
            Optional<UUID> found = records.find(tenant.tags().study(patientId, studyInstanceUid));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /**
     * A key by which a study is known, also if nothing new is sealed with it because the study was removed or given to another
     * tenant; the one in use, if there is one. Empty if nothing of it was ever sealed, or its keys are destroyed.
     */
    public Optional<UUID> knownStudyKey(byte[] patientId, byte[] studyInstanceUid) {
        Optional<UUID> open = findStudyKey(patientId, studyInstanceUid);
        if (open.isPresent()) {
            return open;
        }
        for (Tenant tenant : tenants.all()) {
            Optional<UUID> closed = records.newest(tenant.tags().study(patientId, studyInstanceUid));
            if (closed.isPresent()) {
                return closed;
            }
        }
        return Optional.empty();
    }

    /** As {@link #findStudyKey(byte[], byte[])}, of one tenant. */
    public Optional<UUID> findStudyKey(String tenant, byte[] patientId, byte[] studyInstanceUid) {
        return records.find(tenants.named(tenant).tags().study(patientId, studyInstanceUid));
    }

    /**
     * The key with this id.
     *
     * @throws StrongroomException NOT_FOUND if the keyring has no record of it; UNAVAILABLE if its record cannot be read or
     *     does not open, never CORRUPT: that would speak of the bytes that the key seals, and nothing is wrong with those
     */
    public Key32 keyOf(UUID id) {
        return findKey(id)
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "the keyring has no such key")
                        .with("key", id)
                        .cure("Restore the keyring from a backup of Home, or from the records in a tier's"
                                + " bundles (format.md §5.4)"));
    }

    private Optional<Key32> findKey(UUID id) {
        Key32 known = opened.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            Optional<Key32> key =
                    records.read(id, record -> tenants.of(record).unwrap(record).key());
            key.ifPresent(found -> opened.put(id, found));
            return key;
        } catch (StrongroomException e) {
            throw e.kind() == FailureKind.CORRUPT ? damaged(id, e) : e;
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the keyring cannot be read")
                    .with("key", id)
                    .cure("Look at the disk that holds Strongroom.Home")
                    .causedBy(e);
        }
    }

    private static StrongroomException damaged(UUID id, StrongroomException record) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, record.text())
                .with("key", id)
                .with("file", record.context().get("file"))
                .with("offset", record.context().get("offset"))
                .cure(record.cure())
                .causedBy(record);
    }

    /** Takes in an entry of the journal; those that close no key change nothing. */
    public void replay(JournalEntry entry) {
        if (entry.type() == JournalType.KEY_CLOSED) {
            retire(entry.id());
        }
    }

    /** The key of this id is not used for new files any more; what it sealed stays readable. */
    public void retire(UUID key) {
        records.retire(key);
    }

    /** Keys of all tenants that new files of a study may be sealed with now. Raw values as in the file. */
    public Set<UUID> openKeys(byte[] patientId, byte[] studyInstanceUid) {
        Set<UUID> open = new HashSet<>();
        synchronized (records) { // not between the question whether one may be made and its making
            for (Tenant tenant : tenants.all()) {
                records.find(tenant.tags().study(patientId, studyInstanceUid)).ifPresent(open::add);
            }
        }
        return open;
    }

    /** The names of all tenants. */
    public Set<String> tenantNames() {
        return tenants.all().stream().map(Tenant::name).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * To be called before something is sealed with a key, and {@link #leave} when that is where it will be found.
     *
     * @return whether it may be; if not the key was retired meanwhile: ask for another one
     */
    public boolean enter(UUID key) {
        sealing.merge(key, 1, Integer::sum);
        // Who retires looks after that whether anybody has entered: one of the two sees the other.
        if (records.isRetired(key)) {
            leave(key);
            return false;
        }
        return true;
    }

    /** What was sealed is where it will be found, or given up. */
    public void leave(UUID key) {
        sealing.computeIfPresent(key, (id, count) -> count == 1 ? null : count - 1);
    }

    /** Whether somebody is sealing with it; of a retired key this does not become true again. */
    public boolean isSealing(UUID key) {
        return sealing.containsKey(key);
    }

    /** Whether there was such a key, and it is destroyed. */
    public boolean isDestroyed(UUID key) {
        return records.isDestroyed(key);
    }

    /**
     * Destroys a key: nobody opens any more what it sealed. Once more does no harm. Who calls this has journaled it, and knows that nothing
     * is wanted that the key sealed.
     *
     * @throws IOException if it could not be made durable: it may or may not be destroyed then, and is to be tried again
     */
    public void destroy(UUID key) throws IOException {
        if (records.isDestroyed(key)) {
            return;
        }
        records.destroy(key, record -> tenants.of(record).destroyed(record.label(), clock.millis()));
        Key32 known = opened.remove(key);
        if (known != null) {
            known.destroy();
        }
    }

    static StrongroomException destroyed(UUID key) {
        return StrongroomException.of(FailureKind.NOT_FOUND, "this key was destroyed: nothing opens what it sealed")
                .with("key", key)
                .cure("Nothing is to be done: somebody ordered it, see strongroom shred list");
    }

    /** Tells series of {@code key}'s tenant apart. */
    public Tag16 seriesTag(StudyKey key, byte[] seriesInstanceUid) {
        return tenants.find(key.tenant()).orElseThrow().tags().series(seriesInstanceUid);
    }

    /** Signs the head of the journal: Ed25519, 64 bytes. */
    public byte[] signJournalHead(byte[] head) {
        return journalKey.sign(head);
    }

    @Override
    public void close() throws IOException {
        records.close();
        opened.clear();
    }
}
