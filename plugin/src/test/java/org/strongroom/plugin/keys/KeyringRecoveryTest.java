package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.RootKeySettings;

/** A keyring that is made again of bundles and the recovery key, under another root key. */
class KeyringRecoveryTest {
    @TempDir
    Path folder;

    private Home lost;
    private Home made;
    private Installation installation;
    private Key32 recoveryKey;
    private StudyKey study;
    private byte[] bundle;

    @BeforeEach
    void lose() throws IOException {
        lost = new Home(folder.resolve("lost"));
        made = new Home(folder.resolve("made"));
        lost.createFolders();
        made.createFolders();
        try (Keyring keyring = Keyring.create(lost, source(1), UUID.randomUUID(), Clock.systemUTC())) {
            installation = keyring.home();
            study = keyring.studyKey(bytes("P1"), bytes("1.2.3"));
            keyring.attachmentKey();
        }
        recoveryKey = PendingRecoveryKey.open(lost, installation, source(1)).orElseThrow();
        bundle = bundle(lost);
    }

    private KeySource source(int number) throws IOException {
        byte[] root = new byte[Key32.SIZE];
        root[0] = (byte) number;
        Path file = Files.write(folder.resolve("root-" + number), root);
        return KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(file)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] bundle(Home home) throws IOException {
        List<KeyRecord> records = new ArrayList<>();
        try (var tenants = Files.list(home.keyring().resolve("tenants"))) {
            for (Path file : tenants.toList()) {
                records.add(KeyRecord.decode(Files.readAllBytes(file)));
            }
        }
        Path segment = new KeyringFiles(home).segment(1);
        records.addAll(KeySegment.decode(Files.readAllBytes(segment)).records());
        return new KeyBundle(installation.id(), records).encode();
    }

    private KeyringRecovery recovery() {
        return new KeyringRecovery(installation, recoveryKey, new SecureRandom());
    }

    @Test
    void everyKeyIsThereUnderAnotherRootKeyAndTheJournalGoesOn() throws IOException {
        KeyringRecovery recovery = recovery();
        recovery.segment(1, bundle);
        recovery.journalKey(new byte[100]);
        recovery.journalKey(Files.readAllBytes(lost.journalRecoveryKey()));
        Installation again = recovery.write(made, source(2));
        again.write(made.installation());
        assertThat(again).isEqualTo(installation);
        assertThat(recovery.keys()).isEqualTo(2);
        assertThat(recovery.hasJournalKey()).isTrue();
        // The tiers may be those of a machine that lives: nothing is deleted there until somebody changes the root key.
        assertThat(made.formerKeys()).doesNotExist();
        assertThat(CurrentRoot.of(made).isAnothers(KeyBundle.decode(bundle))).isTrue();
        assertThat(CurrentRoot.of(made).isAnothers(KeyBundle.decode(bundle(made))))
                .isFalse();
        try (Keyring keyring = Keyring.open(made, source(2), Clock.systemUTC());
                Keyring before = Keyring.open(lost, source(1), Clock.systemUTC())) {
            assertThat(keyring.studyKey(bytes("P1"), bytes("1.2.3"))).isEqualTo(study);
            assertThat(keyring.signJournalHead(bytes("head"))).isEqualTo(before.signJournalHead(bytes("head")));
            // A bundle from before differs in the wrap of the old root key; it is genuine, and no ground for a receipt.
            keyring.bundles().checkOfAnyRoot(KeyBundle.decode(bundle));
            assertThatExceptionOfType(StrongroomException.class)
                    .isThrownBy(() -> keyring.bundles().check(KeyBundle.decode(bundle)))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.STALE));
            keyring.bundles().check(KeyBundle.decode(bundle(made)));
        }
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> Keyring.open(made, source(1), Clock.systemUTC()))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        // And once more of what that one wrote.
        KeyringRecovery second = recovery();
        second.segment(1, bundle(made));
        assertThat(second.keys()).isEqualTo(2);
    }

    @Test
    void withoutTheJournalsKeyThereIsAnother() throws IOException {
        KeyringRecovery recovery = recovery();
        recovery.segment(1, bundle);
        Installation again = recovery.write(made, source(2));
        again.write(made.installation());
        assertThat(recovery.hasJournalKey()).isFalse();
        assertThat(again.journalKey()).isNotEqualTo(installation.journalKey());
        Keyring.open(made, source(2), Clock.systemUTC()).close();
    }

    /** As a change of the root key wrote them of the empty segments that a recovery had left. */
    @Test
    void aSegmentWithBundlesOfNoKeyIsMissingAsWell() throws IOException {
        KeyringRecovery recovery = recovery();
        KeyRecord tenant = KeyBundle.decode(bundle).records().get(0);
        recovery.segment(1, new KeyBundle(installation.id(), List.of(tenant)).encode());
        recovery.segment(2, bundle);
        assertThat(recovery.missing()).containsExactly(1);
        recovery.write(made, source(2));
        assertThat(new KeyringFiles(made).segment(1)).isEmptyFile();
    }

    /** All that its keys sealed was erased before the tier was there: nothing there ever needed it. */
    @Test
    void aSegmentOfWhichTheTierHasNothingIsEmptyAndNumbersGoOn() throws IOException {
        KeyringRecovery recovery = recovery();
        recovery.segment(3, bundle);
        assertThat(recovery.missing()).containsExactly(1, 2);
        recovery.write(made, source(2)).write(made.installation());
        StudyKey next;
        try (Keyring keyring = Keyring.open(made, source(2), Clock.systemUTC())) {
            assertThat(keyring.studyKey(bytes("P1"), bytes("1.2.3"))).isEqualTo(study);
            next = keyring.studyKey(bytes("P2"), bytes("1.2.4"));
        }
        KeyringFiles files = new KeyringFiles(made);
        assertThat(files.segments()).isEqualTo(3);
        assertThat(files.segment(1)).isEmptyFile();
        assertThat(KeySegment.decode(Files.readAllBytes(files.segment(3))).records())
                .hasSize(3);
        try (Keyring keyring = Keyring.open(made, source(2), Clock.systemUTC())) {
            assertThat(keyring.keyOf(next.id())).isEqualTo(next.key());
            assertThat(keyring.keyOf(study.id())).isEqualTo(study.key());
        }
    }

    /** Of other tiers, and under another root key. */
    @Test
    void whatAnAttemptOfBeforeWroteIsGone() throws IOException {
        KeyringRecovery before = recovery();
        before.segment(1, bundle);
        before.segment(2, bundle);
        before.write(made, source(2));
        KeyringFiles files = new KeyringFiles(made);
        try (var tenants = Files.list(files.tenants())) {
            Path one = tenants.findAny().orElseThrow();
            Files.copy(one, files.tenant(UUID.randomUUID(), 1));
        }
        KeyringRecovery recovery = recovery();
        recovery.segment(1, bundle);
        recovery.write(made, source(3)).write(made.installation());
        assertThat(files.segments()).isEqualTo(1);
        try (Keyring keyring = Keyring.open(made, source(3), Clock.systemUTC())) {
            assertThat(keyring.keyOf(study.id())).isEqualTo(study.key());
        }
    }

    @Test
    void nothingIsTakenThatDoesNotOpen() throws IOException {
        for (int at = 0; at < bundle.length; at += 7) {
            byte[] damaged = bundle.clone();
            damaged[at] ^= 1;
            KeyringRecovery recovery = recovery();
            assertThatExceptionOfType(StrongroomException.class)
                    .as("bit at %d", at)
                    .isThrownBy(() -> recovery.segment(1, damaged))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
            assertThat(recovery.keys()).isZero();
        }
        List<KeyRecord> records = new ArrayList<>(KeyBundle.decode(bundle).records());
        byte[] forged = records.get(2).encode();
        forged[forged.length - 1] ^= 1;
        records.set(2, KeyRecord.decode(forged));
        byte[] consistent = new KeyBundle(installation.id(), records).encode();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> recovery().segment(1, consistent))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        KeySource source = source(2);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> recovery().write(made, source))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyringRecovery(installation, Key32.of(new byte[32]), new SecureRandom()));
    }
}
