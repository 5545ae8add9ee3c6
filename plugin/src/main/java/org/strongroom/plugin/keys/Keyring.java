package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
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
    private final Tenant tenant;
    private final JournalKey journalKey;
    private final KeyRecords records;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<UUID, Key32> opened = Collections.synchronizedMap(new RecentKeys());

    private Keyring(Installation installation, Tenant tenant, JournalKey journalKey, KeyRecords records, Clock clock) {
        this.installation = installation;
        this.tenant = tenant;
        this.journalKey = journalKey;
        this.records = records;
        this.clock = clock;
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
                    creation.write(parameters, root, installation, clock.instant()),
                    files,
                    root,
                    clock,
                    KeyRecords::open);
        } finally {
            root.destroy();
        }
    }

    /**
     * Opens the keys of Home.
     *
     * @throws StrongroomException REFUSED if the root key is not the one that wrapped them, or Home and keyring do not
     *     belong together; CORRUPT if a file of the keyring is damaged, with its name
     */
    public static Keyring open(Home home, KeySource source, Clock clock) throws IOException {
        Keyring keyring = open(home, source, clock, KeyRecords::open);
        keyring.journalKey.keepForRecovery(new KeyringFiles(home), keyring.installation);
        return keyring;
    }

    /**
     * Opens the keys of Home beside an Orthanc that may be making more, which are found too: asking for a new key is an
     * IllegalStateException.
     *
     * @throws StrongroomException as {@link #open}
     */
    public static Keyring read(Home home, KeySource source, Clock clock) throws IOException {
        return open(home, source, clock, KeyRecords::read);
    }

    private interface RecordsOpener {
        KeyRecords open(KeyringFiles files, UUID installation) throws IOException;
    }

    private static Keyring open(Home home, KeySource source, Clock clock, RecordsOpener opener) throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        Installation installation = Installation.read(home.installation())
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "Home has no keys")
                        .with("Strongroom.Home", home.root())
                        .cure("Start Orthanc with Strongroom once, or correct Strongroom.Home"));
        Key32 root = source.rootKey(RootParameters.read(files.root()));
        try {
            return open(installation, files, root, clock, opener);
        } finally {
            root.destroy();
        }
    }

    private static Keyring open(
            Installation installation, KeyringFiles files, Key32 root, Clock clock, RecordsOpener opener)
            throws IOException {
        Optional<Tenant> tenant = Tenant.open(files, installation.id(), root);
        Optional<JournalKey> journalKey = JournalKey.open(files, installation.id(), root);
        if (tenant.isEmpty() && journalKey.isEmpty()) {
            throw StrongroomException.of(FailureKind.REFUSED, "Strongroom.RootKey does not open this Home's keys")
                    .with("keyring", files.folder())
                    .cure("Use the passphrase or key file that this Home was made with");
        }
        // The root key opened one of the two, so the other one is damaged.
        if (tenant.isEmpty()) {
            throw files.damaged(files.tenants());
        }
        if (journalKey.isEmpty() || !Arrays.equals(journalKey.get().publicKey(), installation.journalKey())) {
            throw files.damaged(files.journalKey());
        }
        KeyRecords records = opener.open(files, installation.id());
        return new Keyring(installation, tenant.get(), journalKey.get(), records, clock);
    }

    /** Whose keys these are. */
    public Installation home() {
        return installation;
    }

    public UUID installation() {
        return installation.id();
    }

    /** The key of a study, made if it has none. Raw values as in the file. */
    public StudyKey studyKey(byte[] patientId, byte[] studyInstanceUid) throws IOException {
        Tag16 owner = tenant.tags().study(patientId, studyInstanceUid);
        UUID id;
        synchronized (records) {
            Optional<UUID> known = records.find(owner);
            id = known.isPresent()
                    ? known.get()
                    : make(KeyKind.STUDY, owner, new StudySecret(Key32.random(random), patientId, studyInstanceUid));
        }
        records.sync(id);
        return new StudyKey(id, keyOf(id), tenant.id());
    }

    /** A new key for one attachment whose study is not known. */
    public StudyKey attachmentKey() throws IOException {
        UUID id;
        synchronized (records) {
            id = make(KeyKind.ATTACHMENT, Tag16.NONE, new StudySecret(Key32.random(random), NOBODY, NOBODY));
        }
        records.sync(id);
        return new StudyKey(id, keyOf(id), tenant.id());
    }

    private UUID make(KeyKind kind, Tag16 owner, StudySecret secret) throws IOException {
        UUID id = UUID.randomUUID();
        records.add(tenant.wrap(kind, owner, secret, id, clock.millis()));
        opened.put(id, secret.key());
        return id;
    }

    /** The id of the tenant with this name; empty if there is none. */
    public Optional<UUID> tenantNamed(String name) {
        return tenant.name().equals(name) ? Optional.of(tenant.id()) : Optional.empty();
    }

    /** The name of the tenant with this id; empty if there is none. */
    public Optional<String> tenantName(UUID id) {
        return tenant.id().equals(id) ? Optional.of(tenant.name()) : Optional.empty();
    }

    /** The id of a study's key; empty if nothing of it was ever sealed. */
    public Optional<UUID> findStudyKey(byte[] patientId, byte[] studyInstanceUid) {
        return records.find(tenant.tags().study(patientId, studyInstanceUid));
    }

    /**
     * Every key that a study ever had, the newest last, whichever way the study is named; its records are opened one by one.
     *
     * @param study StudyInstanceUID, Orthanc's id of the study, or the id of one of its keys
     */
    public List<UUID> studyKeys(String study) throws IOException {
        List<UUID> found = new ArrayList<>();
        for (UUID id : records.ids()) {
            boolean named = id.toString().equals(study)
                    || records.read(id, record -> StudyName.isOf(tenant.unwrap(record), study))
                            .orElse(false);
            if (named) {
                found.add(id);
            }
        }
        return found;
    }

    /** Every key that a study of this patient ever had; records are opened one by one. */
    public List<UUID> patientKeys(String patientId) throws IOException {
        List<UUID> found = new ArrayList<>();
        for (UUID id : records.ids()) {
            if (records.read(id, record -> StudyName.isOfPatient(tenant.unwrap(record), patientId))
                    .orElse(false)) {
                found.add(id);
            }
        }
        return found;
    }

    /**
     * The key with this id.
     *
     * @throws StrongroomException NOT_FOUND if the keyring has no record of it; UNAVAILABLE if its record cannot be read or
     *     does not open, never CORRUPT: that would speak of the bytes that the key seals, and nothing is wrong with those
     */
    public Key32 keyOf(UUID id) {
        return findKey(id)
                .orElseThrow(
                        () -> StrongroomException.of(FailureKind.NOT_FOUND, "the keyring has no such key")
                                .with("key", id)
                                .cure(
                                        "Restore the keyring from a backup of Home, or from the records in a tier's bundles (format.md §5.4)"));
    }

    private Optional<Key32> findKey(UUID id) {
        Key32 known = opened.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            Optional<Key32> key =
                    records.read(id, record -> tenant.unwrap(record).key());
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

    /** The key of this id is not used for new files any more; what it sealed stays readable. */
    public void retire(UUID key) {
        records.retire(key);
    }

    public Tag16 seriesTag(byte[] seriesInstanceUid) {
        return tenant.tags().series(seriesInstanceUid);
    }

    /**
     * Returns if every record of a bundle is authentic, of this installation, and holds the key that is used here.
     *
     * @throws StrongroomException CORRUPT if one is not; STALE if all are authentic, and the keyring has no record of one;
     *     UNAVAILABLE if the keyring's own record does not open
     */
    public void check(KeyBundle bundle) {
        check(bundle, record -> Arrays.equals(record.encode(), tenant.record().encode()));
    }

    /**
     * As {@link #check}, of a bundle that may be from before the root key was changed: the recovery key opens it, and whether the
     * root key of then does, nobody can tell.
     *
     * @throws StrongroomException as {@link #check}
     */
    public void checkOfAnyRoot(KeyBundle bundle) {
        check(bundle, tenant::isSame);
    }

    private void check(KeyBundle bundle, Predicate<KeyRecord> isTenant) {
        if (!bundle.installation().equals(installation())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a key bundle of another installation");
        }
        Optional<UUID> unknown = Optional.empty();
        for (KeyRecord record : bundle.records()) {
            UUID id = record.label().id();
            if (record.label().kind() == KeyKind.TENANT) {
                require(isTenant.test(record), id);
                continue;
            }
            Key32 key = tenant.unwrap(record).key();
            Optional<Key32> here = findKey(id);
            require(here.isEmpty() || here.get().equals(key), id);
            unknown = here.isEmpty() ? Optional.of(id) : unknown;
        }
        if (unknown.isPresent()) {
            throw StrongroomException.of(FailureKind.STALE, "a key bundle holds a key that the keyring does not have")
                    .with("key", unknown.get())
                    .cure(
                            "If the keyring was restored from a backup, restore it from this bundle; never delete either");
        }
    }

    private static void require(boolean same, UUID key) {
        if (!same) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a key bundle holds another key than the keyring")
                    .with("key", key);
        }
    }

    /**
     * Seals a small file of this installation's state, so that whoever steals the disk reads nothing in it (format.md §5.5).
     *
     * @param name of the file: it opens under no other one
     */
    public byte[] sealState(String name, byte[] plain) {
        return tenant.seal(KeyringFiles.stateContext(name, installation()), plain);
    }

    /** @throws StrongroomException CORRUPT if {@link #sealState} did not make it, in this installation and under this name */
    public byte[] openState(String name, byte[] sealed) {
        return tenant.open(KeyringFiles.stateContext(name, installation()), sealed);
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
