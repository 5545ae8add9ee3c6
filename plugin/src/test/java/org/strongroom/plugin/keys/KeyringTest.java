package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyLabel;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.format.v1.TenantSecret;
import org.strongroom.core.format.v1.TenantWraps;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;

class KeyringTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC);
    private static final UUID INSTALLATION = UUID.fromString("6e0c6c9c-6d1c-4a66-8d4c-0a5d9a5b0f11");
    private static final byte[] PATIENT = bytes("PATIENT-NUMBER-4711");

    @TempDir
    Path folder;

    private Home home;
    private KeySource source;

    @BeforeEach
    void makeHome() throws Exception {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        source = keyFile(1);
    }

    @Test
    void keysComeBackAfterAStart() throws Exception {
        Map<String, StudyKey> made = new HashMap<>();
        StudyKey alone;
        Tag16 series;
        try (Keyring keyring = create()) {
            for (int i = 0; i < 600; i++) { // more than two segments
                String study = "1.2." + i;
                made.put(study, keyring.studyKey(PATIENT, bytes(study)));
            }
            alone = keyring.attachmentKey();
            series = keyring.seriesTag(alone, bytes("1.3"));
            assertThat(series).isNotEqualTo(Tag16.NONE).isNotEqualTo(keyring.seriesTag(alone, bytes("1.4")));
        }
        try (Keyring keyring = open()) {
            for (Map.Entry<String, StudyKey> one : made.entrySet()) {
                assertThat(keyring.keyOf(one.getValue().id()))
                        .isEqualTo(one.getValue().key());
                assertThat(keyring.studyKey(PATIENT, bytes(one.getKey()))).isEqualTo(one.getValue());
            }
            assertThat(keyring.keyOf(alone.id())).isEqualTo(alone.key());
            assertThat(keyring.attachmentKey()).isNotEqualTo(alone);
            assertThat(keyring.seriesTag(alone, bytes("1.3"))).isEqualTo(series);
            assertThat(keyring.installation()).isEqualTo(INSTALLATION);
        }
        assertThat(segment(1)).exists();
        assertThat(segment(3)).exists();
        assertThat(segment(4)).doesNotExist();
    }

    @Test
    void aStudyIsItsPatientAndItsUid() throws Exception {
        try (Keyring keyring = create()) {
            StudyKey key = keyring.studyKey(PATIENT, bytes("1.2"));

            assertThat(keyring.studyKey(bytes("PATIENT-NUMBER-4711 \0"), bytes("1.2\0")))
                    .isEqualTo(key);
            assertThat(keyring.findStudyKey(PATIENT, bytes("1.2"))).contains(key.id());
            assertThat(keyring.studyKey(PATIENT, bytes("1.3")).key()).isNotEqualTo(key.key());
            assertThat(keyring.studyKey(bytes("another"), bytes("1.2")).id()).isNotEqualTo(key.id());
            assertThat(keyring.findStudyKey(PATIENT, bytes("9"))).isEmpty();
        }
    }

    @Test
    void aRetiredKeyStillOpensButSealsNothingNew() throws Exception {
        try (Keyring keyring = create()) {
            StudyKey old = keyring.studyKey(PATIENT, bytes("1.2"));
            keyring.retire(old.id());
            StudyKey young = keyring.studyKey(PATIENT, bytes("1.2"));

            assertThat(young.id()).isNotEqualTo(old.id());
            assertThat(keyring.studyKey(PATIENT, bytes("1.2"))).isEqualTo(young);
            assertThat(keyring.keyOf(old.id())).isEqualTo(old.key());
        }
        try (Keyring keyring = open()) {
            UUID newest = keyring.studyKey(PATIENT, bytes("1.2")).id();
            keyring.retire(newest);
            assertThat(keyring.findStudyKey(PATIENT, bytes("1.2"))).isEmpty();
        }
    }

    @Test
    void theRecordIsOnDiskBeforeTheKeyIsHandedOut() throws Exception {
        try (Keyring keyring = create()) {
            for (int i = 1; i <= 10; i++) {
                StudyKey key = keyring.studyKey(PATIENT, bytes("1." + i));
                List<KeyRecord> records =
                        KeySegment.decode(Files.readAllBytes(segment(1))).records();
                assertThat(records).hasSize(i);
                assertThat(records.get(i - 1).label().id()).isEqualTo(key.id());
            }
        }
    }

    @Test
    void parallelMakersOfOneStudyGetOneKey() throws Exception {
        int threads = 8;
        int studies = 60;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        Set<UUID> ids = new HashSet<>();
        try (Keyring keyring = create()) {
            List<Future<List<UUID>>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    List<UUID> mine = new ArrayList<>();
                    for (int j = 0; j < studies; j++) {
                        mine.add(keyring.studyKey(PATIENT, bytes("1." + j)).id());
                    }
                    return mine;
                }));
            }
            for (Future<List<UUID>> one : all) {
                ids.addAll(one.get());
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(ids).hasSize(studies);
        assertThat(KeySegment.decode(Files.readAllBytes(segment(1))).records()).hasSize(studies);
    }

    @Test
    void anotherRootKeyIsRefused() throws Exception {
        create().close();
        source = keyFile(2);

        assertThatThrownBy(this::open).isInstanceOfSatisfying(StrongroomException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(e)
                    .hasMessageContaining("RootKey")
                    .hasMessageContaining(home.keyring().toString());
            assertThat(e.cure()).isNotEmpty();
        });
    }

    @Test
    void aPassphraseOpensWhatItMade() throws Exception {
        Path file = Files.writeString(folder.resolve("passphrase"), "one passphrase\n");
        source = new PassphraseFile(file);
        create().close();
        open().close();

        Files.writeString(file, "another passphrase\n");
        assertFails(FailureKind.REFUSED, this::open);
        source = keyFile(1);
        assertFails(FailureKind.REFUSED, this::open);
    }

    @Test
    void anotherInstallationsHomeIsRefused() throws Exception {
        create().close();
        Installation ours = Installation.read(home.installation()).orElseThrow();
        new Installation(UUID.randomUUID(), ours.created(), ours.recoveryKey(), ours.journalKey())
                .write(home.installation());
        assertFails(FailureKind.REFUSED, this::open);

        new Installation(INSTALLATION, ours.created(), ours.recoveryKey(), new byte[32]).write(home.installation());
        assertFails(FailureKind.CORRUPT, this::open);
    }

    @Test
    void aHomeWithoutKeysIsToldFromADamagedOne() throws Exception {
        assertThat(Keyring.exists(home)).isFalse();
        assertFails(FailureKind.NOT_FOUND, this::open);
        create().close();
        assertThat(Keyring.exists(home)).isTrue();
        Files.delete(home.journalRecoveryKey()); // as in a Home of the time before there was one
        open().close();
        assertThat(home.journalRecoveryKey()).exists();
        for (Path file : filesOf(home.keyring())) {
            if (!file.getFileName().toString().contains("recovery") && !file.equals(segment(1))) {
                byte[] good = Files.readAllBytes(file);
                Files.delete(file);
                assertNames(file.getParent(), this::open);
                Files.write(file, good);
            }
        }
        open().close();
    }

    @Test
    void aKeyringIsNeverOverwritten() throws Exception {
        try (Keyring keyring = create()) {
            keyring.studyKey(PATIENT, bytes("1.2"));
        }
        assertFails(FailureKind.REFUSED, this::create);
        byte[] installation = Files.readAllBytes(home.installation());
        Files.delete(home.installation());
        assertFails(FailureKind.REFUSED, this::create);

        Files.write(home.installation(), installation);
        open().close();
    }

    @Test
    void anInterruptedCreationMayBeginAgain() throws Exception {
        create().close();
        Files.delete(home.installation());
        Files.delete(segment(1)); // made only after installation.json
        try (Keyring keyring = create()) {
            keyring.studyKey(PATIENT, bytes("1.2"));
        }
        open().close();
    }

    @Test
    void anUnfinishedLastRecordIsCutOffWhereverItEnds() throws Exception {
        StudyKey first;
        try (Keyring keyring = create()) {
            first = keyring.studyKey(PATIENT, bytes("1.1"));
        }
        int one = (int) Files.size(segment(1));
        try (Keyring keyring = open()) {
            keyring.studyKey(PATIENT, bytes("1.2"));
        }
        byte[] two = Files.readAllBytes(segment(1));
        for (int length = one; length < two.length; length += length < one + 100 ? 1 : 7) {
            Files.write(segment(1), Arrays.copyOf(two, length));
            try (Keyring keyring = open()) {
                assertThat(keyring.studyKey(PATIENT, bytes("1.1"))).isEqualTo(first);
                assertThat(keyring.findStudyKey(PATIENT, bytes("1.2"))).isEmpty();
                assertThat(Files.size(segment(1))).isEqualTo(one);
            }
            if (length > one) {
                assertThat(segment(1).resolveSibling("00000001.strk.%d-%d.cut".formatted(one, length - one)))
                        .hasBinaryContent(Arrays.copyOfRange(two, one, length));
            }
        }
    }

    @Test
    void everyFlippedBitOfARecordIsFoundAtTheStartOrWhenItIsUsed() throws Exception {
        StudyKey key;
        try (Keyring keyring = create()) {
            key = keyring.studyKey(PATIENT, bytes("1.2"));
            keyring.studyKey(PATIENT, bytes("1.3"));
        }
        byte[] good = Files.readAllBytes(segment(1));
        int size = KeySegment.decode(good).records().get(0).size();
        for (int bit = 0; bit < 8 * size; bit += 13) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(segment(1), flipped);
            try (Keyring keyring = open()) {
                assertThatThrownBy(() -> keyring.keyOf(key.id()))
                        .as("bit %d", bit)
                        .isInstanceOf(StrongroomException.class)
                        .hasMessageContaining(key.id().toString());
            } catch (StrongroomException e) {
                assertThat(e).hasMessageContaining(segment(1).toString());
                assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            }
        }
    }

    @Test
    void aMissingOrShortenedSegmentIsNamed() throws Exception {
        try (Keyring keyring = create()) {
            for (int i = 0; i < 257; i++) {
                keyring.attachmentKey();
            }
        }
        byte[] first = Files.readAllBytes(segment(1));
        Files.write(segment(1), Arrays.copyOf(first, first.length - 1));
        assertNames(segment(1), this::open);
        Files.delete(segment(1));
        assertNames(segment(1), this::open);
    }

    @Test
    void everyFlippedBitOfTheTenantRecordIsRefused() throws Exception {
        create().close();
        Path file = tenantFile();
        byte[] good = Files.readAllBytes(file);
        // The wrap to the recovery key is not opened here: a kit's check does that.
        int opened = good.length - TenantWraps.HPKE_ENC - 16 - 32 - 32 - 2 - "clinic".length() - 2;
        for (int bit = 0; bit < 8 * opened; bit += 37) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file, flipped);
            assertThatThrownBy(this::open).as("bit %d", bit).isInstanceOf(StrongroomException.class);
        }
    }

    @Test
    void aStartReadsLabelsOnly() throws Exception {
        create().close();
        KeyRecord last = null;
        for (int number = 1; number <= 20; number++) {
            ByteArrayOutputStream records = new ByteArrayOutputStream();
            for (int i = 0; i < KeySegment.MAX_RECORDS; i++) {
                last = sealedByNobody();
                records.writeBytes(last.encode());
            }
            Files.write(segment(number), records.toByteArray());
        }
        UUID id = last.label().id();
        try (Keyring keyring = open()) {
            assertThatThrownBy(() -> keyring.keyOf(id))
                    .isInstanceOf(StrongroomException.class)
                    .hasMessageContaining(segment(20).toString());
            StudyKey key = keyring.attachmentKey();
            assertThat(segment(21)).exists();
            assertThat(keyring.keyOf(key.id())).isEqualTo(key.key());
            assertFails(FailureKind.NOT_FOUND, () -> keyring.keyOf(UUID.randomUUID()));
        }
    }

    @Test
    void aBundleIsCheckedRecordByRecord() throws Exception {
        try (Keyring keyring = create()) {
            keyring.studyKey(PATIENT, bytes("1.2"));
            keyring.attachmentKey();
            KeyRecord tenant = KeyRecord.decode(Files.readAllBytes(tenantFile()));
            List<KeyRecord> records = new ArrayList<>(List.of(tenant));
            records.addAll(KeySegment.decode(Files.readAllBytes(segment(1))).records());
            KeyBundle good = new KeyBundle(INSTALLATION, records);

            keyring.bundles().check(KeyBundle.decode(good.encode()));
            for (int i = 0; i < records.size(); i++) {
                KeyRecord record = records.get(i);
                byte[] payload = record.payload();
                payload[payload.length - 1] ^= 1;
                List<KeyRecord> changed = new ArrayList<>(records);
                changed.set(i, new KeyRecord(record.label(), payload));
                assertFails(FailureKind.CORRUPT, () -> keyring.bundles().check(new KeyBundle(INSTALLATION, changed)));
            }
        }
    }

    @Test
    void anAuthenticRecordThatTheKeyringDoesNotKnowIsStaleAndAForgedOneCorrupt() throws Exception {
        byte[] before;
        KeyRecord lost;
        try (Keyring keyring = create()) {
            keyring.attachmentKey();
            before = Files.readAllBytes(segment(1));
            keyring.attachmentKey();
            lost = KeySegment.decode(Files.readAllBytes(segment(1))).records().get(1);
        }
        Files.write(segment(1), before);
        byte[] payload = lost.payload();
        payload[70] ^= 1;
        KeyRecord forged = new KeyRecord(lost.label(), payload);
        try (Keyring keyring = open()) {
            assertFails(FailureKind.STALE, () -> keyring.bundles().check(new KeyBundle(INSTALLATION, List.of(lost))));
            assertFails(FailureKind.CORRUPT, () -> keyring.bundles().check(new KeyBundle(INSTALLATION, List.of(forged))));
            assertFails(FailureKind.CORRUPT, () -> keyring.bundles().check(new KeyBundle(INSTALLATION, List.of(lost, forged))));
        }
    }

    @Test
    void theBundleOfAnotherInstallationIsCorrupt() throws Exception {
        create().close();
        KeyBundle ours = new KeyBundle(INSTALLATION, List.of(KeyRecord.decode(Files.readAllBytes(tenantFile()))));
        home = new Home(folder.resolve("other"));
        home.createFolders();
        try (Keyring other = Keyring.create(home, source, UUID.randomUUID(), CLOCK)) {
            assertFails(FailureKind.CORRUPT, () -> other.bundles().check(ours));
        }
    }

    @Test
    void theRecoveryKeyOpensTheTenantWithoutTheRootKey() throws Exception {
        create().close();
        byte[] recoveryKey = Cobblestone.open(
                rootKey(1),
                KeyringFiles.recoveryContext(INSTALLATION),
                Files.readAllBytes(home.keyring().resolve("recovery-pending.strk")));
        assertThat(RecoveryKey.publicKey(recoveryKey))
                .isEqualTo(Installation.read(home.installation()).orElseThrow().recoveryKey());
        KeyRecord record = KeyRecord.decode(Files.readAllBytes(tenantFile()));
        TenantWraps wraps = TenantWraps.decode(record.payload());
        byte[] context = record.label().wrapContext();

        TenantSecret byRecovery = TenantSecret.decode(RecoveryKey.unwrap(recoveryKey, context, wraps.toRecovery()));
        TenantSecret byRoot = TenantSecret.decode(Cobblestone.open(rootKey(1), context, wraps.bySource()));
        assertThat(byRecovery).isEqualTo(byRoot);
        assertThat(byRecovery.name()).isEqualTo("clinic");
        context[20] ^= 1;
        assertFails(FailureKind.CORRUPT, () -> RecoveryKey.unwrap(recoveryKey, context, wraps.toRecovery()));
    }

    @Test
    void journalHeadsAreSignedForTheInstallation() throws Exception {
        JournalHead head = new JournalHead(3, 4, Sha256.of(new byte[1]));
        byte[] signed;
        try (Keyring keyring = create()) {
            signed = head.encode(keyring.signJournalHead(head.signedBytes()));
        }
        byte[] publicKey = Installation.read(home.installation()).orElseThrow().journalKey();
        assertThat(JournalHead.decode(signed, publicKey)).isEqualTo(head);
        try (Keyring keyring = open()) {
            assertThat(keyring.signJournalHead(head.signedBytes()))
                    .isEqualTo(Arrays.copyOfRange(signed, JournalHead.SIZE - 64, JournalHead.SIZE));
        }
    }

    @Test
    void nothingSecretStandsInTheFilesAndTheyAreTheOwnersOnly() throws Exception {
        StudyKey key;
        try (Keyring keyring = create()) {
            key = keyring.studyKey(PATIENT, bytes("1.2.840.99999.1"));
            assertThat(key.toString()).contains("***");
        }
        String secret = new String(key.key().toBytes(), StandardCharsets.ISO_8859_1);
        for (Path file : filesOf(home.root())) {
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .doesNotContain("PATIENT-NUMBER", "1.2.840.99999", secret);
            assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        }
    }

    private static KeyRecord sealedByNobody() {
        byte[] owner = new byte[16];
        UUID id = UUID.randomUUID();
        ByteBuffer.wrap(owner).putLong(id.getMostSignificantBits()).putLong(1);
        UUID tenant = new UUID(1, 1);
        byte[] payload = new byte[100];
        return new KeyRecord(
                new KeyLabel(KeyKind.STUDY, INSTALLATION, tenant, id, 1, new Tag16(owner), 1, payload.length), payload);
    }

    private Keyring create() throws Exception {
        return Keyring.create(home, source, INSTALLATION, CLOCK);
    }

    private Keyring open() throws Exception {
        return Keyring.open(home, source, CLOCK);
    }

    private KeySource keyFile(int value) throws Exception {
        return new KeyFile(
                Files.write(folder.resolve("key" + value), rootKey(value).toBytes()));
    }

    private static Key32 rootKey(int value) {
        byte[] raw = new byte[32];
        Arrays.fill(raw, (byte) value);
        return Key32.of(raw);
    }

    private Path segment(int number) {
        return home.keyring().resolve("records").resolve("%08d.strk".formatted(number));
    }

    private Path tenantFile() throws Exception {
        return filesOf(home.keyring().resolve("tenants")).get(0);
    }

    private static List<Path> filesOf(Path folder) throws Exception {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    private static void assertFails(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    private static void assertNames(Path file, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            assertThat(e).hasMessageContaining(file.toString());
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
