package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final BundleCheck bundles;

    private final Map<UUID, Key32> opened = Collections.synchronizedMap(new RecentKeys());

    private Keyring(
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
        KeyringFiles files = new KeyringFiles(home);
        SecureRandom random = new SecureRandom();
        KeyringCreation creation = new KeyringCreation(home, files, random);
        creation.requireUnused();
        RootParameters parameters = source.newParameters(random);
        Key32 root = source.rootKey(parameters);
        try {
            return open(
                    creation.write(parameters, root, installation, clock.instant()), home, root, clock, Set.of(), true);
        } finally {
            root.destroy();
        }
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
        Keyring keyring = open(home, source, clock, names, true);
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
        return open(home, source, clock, Set.of(), false);
    }

    private static Keyring open(Home home, KeySource source, Clock clock, Set<String> names, boolean writer)
            throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        Installation installation = Installation.read(home.installation())
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "Home has no keys")
                        .with("Strongroom.Home", home.root())
                        .cure("Start Orthanc with Strongroom once, or correct Strongroom.Home"));
        if (RootChange.isPending(files)) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "a change of the root key was interrupted")
                    .with("keyring", files.folder())
                    .cure("Start Orthanc, or run strongroom key rotate --root again: either finishes it");
        }
        Key32 root = source.rootKey(RootParameters.read(files.root()));
        try {
            return open(installation, home, root, clock, names, writer);
        } finally {
            root.destroy();
        }
    }

    private static Keyring open(
            Installation installation, Home home, Key32 root, Clock clock, Set<String> names, boolean writer)
            throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        Tenants tenants = openTenants(installation, files, root);
        JournalKey journalKey = JournalKey.open(files, installation.id(), root).orElseThrow();
        if (writer) {
            // Also of a keyring that was made again of bundles of several times.
            tenants = new TenantRewrap(home, tenants, RootChange.Steps.UNSEEN, done -> {}).finish();
        }
        KeyRecords records =
                writer ? KeyRecords.open(files, installation.id()) : KeyRecords.read(files, installation.id());
        Tenants all = tenants.with(names, files, installation, root, clock.millis(), new SecureRandom());
        if (writer) { // who only reads may be another user, or have a Home that takes nothing
            all.ids().write(home.tenantIds());
        }
        return new Keyring(installation, files, all, journalKey, records, clock);
    }

    /**
     * The tenants, opened, of a keyring that is whole.
     *
     * @throws StrongroomException REFUSED if the root key opens nothing; CORRUPT if it opens a part
     */
    static Tenants openTenants(Installation installation, KeyringFiles files, Key32 root) throws IOException {
        Optional<Tenants> tenants = Tenants.open(files, installation.id(), root);
        Optional<JournalKey> journalKey = JournalKey.open(files, installation.id(), root);
        if (tenants.isEmpty() && journalKey.isEmpty()) {
            throw files.notOpened();
        }
        // The root key opened one of the two, so the other one is damaged.
        if (tenants.isEmpty()) {
            throw files.damaged(files.tenants());
        }
        if (journalKey.isEmpty() || !Arrays.equals(journalKey.get().publicKey(), installation.journalKey())) {
            throw files.damaged(files.journalKey());
        }
        return tenants.get();
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

    /** Whether a key bundle holds these keys. */
    public BundleCheck bundles() {
        return bundles;
    }

    /** The id of the tenant with this name; empty if there is none. */
    public Optional<UUID> tenantNamed(String name) {
        return tenants.find(name).map(Tenant::id);
    }

    /**
     * A tenant's key.
     *
     * @param epoch how many keys it had, this one counted
     */
    public record TenantKey(String name, UUID tenant, int epoch) {}

    /** The keys of all tenants: of each the one that is used. */
    public List<TenantKey> tenantKeys() {
        return tenants.all().stream().map(Keyring::told).toList();
    }

    private static TenantKey told(Tenant tenant) {
        return new TenantKey(tenant.name(), tenant.id(), tenant.epoch());
    }

    /**
     * A former key of a tenant that is still in the keyring.
     *
     * @param records of studies and attachments that it wraps, destroyed ones counted
     * @param states whether it opens what the installation sealed under it before and cannot seal anew: texts in the journal, snapshots
     */
    public record FormerTenantKey(TenantKey key, long records, boolean states) {}

    /** All of these, with what is on the disk now. */
    public List<FormerTenantKey> formerTenantKeys() throws IOException {
        Map<TenantRewrap.Epoch, Long> counts = TenantRewrap.count(files);
        List<FormerTenantKey> former = new ArrayList<>();
        for (Tenant tenant : tenants.former()) {
            former.add(new FormerTenantKey(
                    told(tenant),
                    counts.getOrDefault(TenantRewrap.Epoch.of(tenant), 0L),
                    tenant.id().equals(tenants.first().id())));
        }
        return former;
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

    /** The key that new files of the same study get, for the tenant whose what this key sealed is; empty if there is none, or this is no study's. */
    public Optional<UUID> nextKey(UUID key) throws IOException {
        Optional<KeyedStudy> study = names.study(key);
        Optional<Tenant> owner =
                owners.tenantOf(key).map(sealedFor -> owners.of(key, sealedFor)).flatMap(tenants::find);
        return study.isEmpty() || owner.isEmpty()
                ? Optional.empty()
                : records.find(owner.get()
                        .tags()
                        .study(study.get().patientId(), study.get().studyInstanceUid()));
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

    /**
     * Seals a small file of this installation's state, so that whoever steals the disk reads nothing in it (format.md §5.5).
     *
     * @param name of the file: it opens under no other one
     */
    public byte[] sealState(String name, byte[] plain) {
        return tenants.first().seal(KeyringFiles.stateContext(name, installation()), plain);
    }

    /**
     * Opens one, also of before the first tenant's key was changed.
     *
     * @throws StrongroomException CORRUPT if {@link #sealState} did not make it, in this installation and under this name
     */
    public byte[] openState(String name, byte[] sealed) {
        byte[] context = KeyringFiles.stateContext(name, installation());
        try {
            return tenants.first().open(context, sealed);
        } catch (StrongroomException e) {
            return tenants.former().stream()
                    .filter(former -> former.id().equals(tenants.first().id()))
                    .flatMap(former -> TenantRewrap.opened(former, context, sealed).stream())
                    .findFirst()
                    .orElseThrow(() -> e);
        }
    }

    /** Tells the chunks of snapshots apart (format.md §10). */
    public Tag16 snapshotTag(byte[] chunk) {
        return tenants.first().tags().snapshotChunk(chunk, tenants.first().epoch());
    }

    /** Decides where a dump is cut into chunks (format.md §10): no chunk's own tag, which is in clear. */
    public Tag16 snapshotCutTag(byte[] text) {
        return tenants.first().tags().snapshotCut(text);
    }

    /**
     * Stands in what a certificate of destruction says, always the same of one erasure: whoever has only the digest of that, which is in the
     * audit log, cannot try texts (format.md §9.7).
     */
    public Tag16 certificateTag(UUID erasure) {
        return tenants.first().tags().certificate(erasure.toString().getBytes(StandardCharsets.US_ASCII));
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
