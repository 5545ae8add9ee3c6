package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.RootKeySettings;

/** A key that is destroyed is nowhere in the keyring, and no other one is touched. */
class KeyDestructionTest {
    private static final byte[] PATIENT = bytes("PATIENT-NUMBER-4711");

    @TempDir
    Path folder;

    private Home home;
    private KeySource source;
    private Key32 recoveryKey;
    private KeyBundle before;
    private StudyKey gone;
    private final List<StudyKey> others = new ArrayList<>();

    @BeforeEach
    void makeKeys() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path root = Files.write(folder.resolve("root"), new byte[32]);
        source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(root)));
        try (Keyring keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC())) {
            recoveryKey = PendingRecoveryKey.open(home, keyring.home(), source).orElseThrow();
            others.add(keyring.studyKey(PATIENT, bytes("1.2.1")));
            gone = keyring.studyKey(PATIENT, bytes("1.2.2"));
            others.add(keyring.attachmentKey());
            before = bundle();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Keyring open() throws IOException {
        return Keyring.open(home, source, Clock.systemUTC());
    }

    /** Of the first segment, as the sidecar would make it now. */
    private KeyBundle bundle() throws IOException {
        return bundle(home);
    }

    private static KeyBundle bundle(Home of) throws IOException {
        List<KeyRecord> records = new ArrayList<>();
        try (Stream<Path> tenants = Files.list(of.keyring().resolve("tenants"))) {
            for (Path tenant : tenants.toList()) {
                records.add(KeyRecord.decode(Files.readAllBytes(tenant)));
            }
        }
        Path segment = of.keyring().resolve("records/00000001.strk");
        records.addAll(KeySegment.decode(Files.readAllBytes(segment)).records());
        return new KeyBundle(records.get(0).label().installation(), records);
    }

    private static FailureKind failure(ThrowingCallable call) {
        return catchThrowableOfType(StrongroomException.class, call).kind();
    }

    private void requireGone(Keyring keyring) throws IOException {
        assertThat(failure(() -> keyring.keyOf(gone.id()))).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(keyring.isDestroyed(gone.id())).isTrue();
        assertThat(keyring.owners().tenantOf(gone.id())).isEmpty();
        assertThat(keyring.names().ofStudy("1.2.2")).isEmpty();
        assertThat(keyring.names().ofPatient("PATIENT-NUMBER-4711"))
                .containsExactly(others.get(0).id());
        for (StudyKey other : others) {
            assertThat(keyring.keyOf(other.id())).isEqualTo(other.key());
        }
    }

    @Test
    void itOpensNowhereAndAllOthersDo() throws IOException {
        try (Keyring keyring = open()) {
            assertThat(keyring.keyOf(gone.id())).isEqualTo(gone.key());
            keyring.destroy(gone.id());
            keyring.destroy(gone.id());
            requireGone(keyring);
            StudyKey again = keyring.studyKey(PATIENT, bytes("1.2.2"));
            assertThat(again.id()).isNotEqualTo(gone.id());
            assertThat(again.key()).isNotEqualTo(gone.key());
        }
        try (Keyring keyring = open()) {
            assertThat(failure(() -> keyring.keyOf(gone.id()))).isEqualTo(FailureKind.NOT_FOUND);
            assertThat(keyring.keyOf(others.get(1).id()))
                    .isEqualTo(others.get(1).key());
        }
        try (Keyring reader = Keyring.read(home, source, Clock.systemUTC())) {
            assertThat(failure(() -> reader.keyOf(gone.id()))).isEqualTo(FailureKind.NOT_FOUND);
        }
    }

    @Test
    void whoReadsTheKeyringMeanwhileIsToldSo() throws IOException {
        try (Keyring reader = Keyring.read(home, source, Clock.systemUTC());
                Keyring keyring = open()) {
            keyring.destroy(gone.id());
            assertThat(failure(() -> reader.keyOf(gone.id()))).isEqualTo(FailureKind.NOT_FOUND);
            assertThat(reader.keyOf(others.get(0).id())).isEqualTo(others.get(0).key());
        }
    }

    @Test
    void noByteOfItsRecordIsLeftInHomeNotEvenInWhatWasCutOff() throws IOException {
        Path segment = home.keyring().resolve("records/00000001.strk");
        byte[] file = Files.readAllBytes(segment);
        KeyRecord record = before.records().stream()
                .filter(one -> one.label().id().equals(gone.id()))
                .findAny()
                .orElseThrow();
        byte[] payload = record.payload();
        Path cut = Files.write(home.keyring().resolve("records/00000007.strk.0-9.cut"), file);
        Path kept = Files.write(home.keyring().resolve("records/00000008.strk.0-9.cut"), new byte[] {1, 2, 3});
        Path second = folder.resolve("second name of the old file");
        Files.createLink(second, segment);
        try (Keyring keyring = open()) {
            keyring.destroy(gone.id());
        }
        assertThat(cut).doesNotExist();
        assertThat(kept).exists();
        String found = new String(payload, StandardCharsets.ISO_8859_1);
        assertThat(Files.readString(second, StandardCharsets.ISO_8859_1))
                .as("the old file is overwritten")
                .doesNotContain(found);
        try (Stream<Path> files = Files.walk(home.keyring())) {
            for (Path one : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(one, StandardCharsets.ISO_8859_1)).doesNotContain(found);
            }
        }
        assertThat(Files.size(segment)).as("nothing moves in the file").isEqualTo(file.length);
    }

    @Test
    void aBundleFromBeforeIsStaleAndOneOfNowIsGenuine() throws IOException {
        try (Keyring keyring = open()) {
            keyring.bundles().check(before);
            keyring.destroy(gone.id());
            keyring.bundles().check(bundle());
            assertThat(failure(() -> keyring.bundles().check(before))).isEqualTo(FailureKind.STALE);
        }
    }

    @Test
    void aBundleThatSaysAKeyIsDestroyedIsNotBelieved() throws IOException {
        KeyBundle after;
        byte[] segment = Files.readAllBytes(home.keyring().resolve("records/00000001.strk"));
        try (Keyring keyring = open()) {
            keyring.destroy(gone.id());
            after = bundle();
        }
        Files.write(home.keyring().resolve("records/00000001.strk"), segment);
        List<KeyRecord> forged = new ArrayList<>();
        for (KeyRecord record : after.records()) {
            byte[] payload = record.payload();
            payload[60] ^= (byte) (record.label().id().equals(gone.id()) ? 1 : 0);
            forged.add(new KeyRecord(record.label(), payload));
        }
        try (Keyring keyring = open()) {
            assertThat(failure(() -> keyring.bundles().check(after))).isEqualTo(FailureKind.STALE);
            assertThat(failure(() -> keyring.bundles().check(new KeyBundle(keyring.installation(), forged))))
                    .isEqualTo(FailureKind.CORRUPT);
            assertThat(keyring.keyOf(gone.id())).isEqualTo(gone.key());
        }
    }

    @Test
    void theRecoveryKeyOpensItOnlyWithABundleFromBefore() throws IOException {
        try (Keyring keyring = open()) {
            keyring.destroy(gone.id());
        }
        KeyBundle after = bundle();
        RecoveredKeys recovered = new RecoveredKeys(recoveryKey, after.installation());
        assertThat(recovered.find(before, gone.id()))
                .as("what nobody here can take back")
                .contains(gone.key());
        assertThat(recovered.find(after, gone.id())).isEmpty();
        assertThat(recovered.find(after, others.get(0).id()))
                .contains(others.get(0).key());

        Home made = new Home(folder.resolve("made"));
        made.createFolders();
        try (Keyring keyring = open()) {
            KeyringRecovery recovery = new KeyringRecovery(keyring.home(), recoveryKey, new SecureRandom());
            recovery.segment(1, after.encode());
            recovery.write(made, source).write(made.installation());
        }
        try (Keyring keyring = Keyring.open(made, source, Clock.systemUTC())) {
            requireGone(keyring);
        }
    }

    /** Destroying changes no count and no length: the names of both bundles differ in their digests alone. */
    @Test
    void aRecoveryOfABundleFromBeforeAndOneOfNowDoesNotBringItBack() throws IOException {
        try (Keyring keyring = open()) {
            keyring.destroy(gone.id());
        }
        KeyBundle after = bundle();
        Home other = new Home(folder.resolve("other"));
        other.createFolders();
        KeyringRecovery live = new KeyringRecovery(installation(), recoveryKey, new SecureRandom());
        live.segment(1, before.encode());
        Installation otherOne = live.write(other, source);
        otherOne.write(other.installation());
        new TenantChange(other, otherOne)
                .change(source, "clinic", Clock.systemUTC(), event -> {}, "a test", done -> {});
        KeyBundle renewed = bundle(other);
        int made = 0;
        for (KeyBundle copy : List.of(before, renewed)) {
            for (List<KeyBundle> order : List.of(List.of(copy, after), List.of(after, copy))) {
                Home again = new Home(folder.resolve("again " + made++));
                again.createFolders();
                KeyringRecovery recovery = new KeyringRecovery(installation(), recoveryKey, new SecureRandom());
                order.forEach(bundle -> recovery.segment(1, bundle.encode()));
                recovery.write(again, source).write(again.installation());
                try (Keyring keyring = Keyring.open(again, source, Clock.systemUTC())) {
                    requireGone(keyring);
                }
            }
        }
    }

    private Installation installation() throws IOException {
        return Installation.read(home.installation()).orElseThrow();
    }

    @Test
    void nobodySealsWithAKeyThatIsRetired() throws IOException {
        try (Keyring keyring = open()) {
            assertThat(keyring.enter(gone.id())).isTrue();
            assertThat(keyring.enter(gone.id())).isTrue();
            keyring.retire(gone.id());
            assertThat(keyring.isSealing(gone.id())).isTrue();
            assertThat(keyring.enter(gone.id())).isFalse();
            keyring.leave(gone.id());
            assertThat(keyring.isSealing(gone.id())).isTrue();
            keyring.leave(gone.id());
            assertThat(keyring.isSealing(gone.id())).isFalse();
        }
    }
}
