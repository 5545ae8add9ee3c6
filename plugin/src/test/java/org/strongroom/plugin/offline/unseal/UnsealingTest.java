package org.strongroom.plugin.offline.unseal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.FileLine;
import org.strongroom.core.control.IndexLine;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.StandInSidecar;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.SpoolMirror;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StudyKey;
import org.strongroom.plugin.seal.SealRequest;
import org.strongroom.plugin.seal.Sealer;
import org.strongroom.plugin.takeover.KeptInClear;

/** A sealed file becomes a clear one where Orthanc looks for it, whole or not at all. */
class UnsealingTest {
    private static final byte[] PLAIN = new byte[2_500_000];

    @TempDir
    Path folder;

    private final UUID uuid = UUID.randomUUID();
    private Home home;
    private Keyring keyring;
    private StandInSidecar sidecar;
    private byte[] inTier;
    /** What it gives of that if it was not told that something did not open. */
    private byte[] doubtful;

    private Path mirror;
    private Path storage;
    private Path clear;
    private Unsealing unsealing;

    @BeforeEach
    void begin() throws IOException {
        new Random(3).nextBytes(PLAIN);
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
        storage = Files.createDirectory(folder.resolve("orthanc"));
        Files.setPosixFilePermissions(storage, PosixFilePermissions.fromString("rwxr-x---"));
        String name = uuid.toString();
        clear = storage.resolve(name.substring(0, 2))
                .resolve(name.substring(2, 4))
                .resolve(name);
        mirror = Files.createDirectory(folder.resolve("mirror"));
        startSidecar();
        unsealing = new Unsealing(
                ControlClient.connect(home),
                keyring,
                home,
                new SpoolMirror(home, Optional.of(mirror)),
                new ClearFolder(storage));
    }

    /** It has in a tier what {@link #inTier} is. */
    private void startSidecar() throws IOException {
        sidecar = new StandInSidecar()
                .on("/v1/sealed/", exchange -> {
                    boolean doubt = exchange.getRequestHeaders().containsKey(Protocol.DOUBT_HEADER);
                    StandInSidecar.giveRange(exchange, doubt || doubtful == null ? inTier : doubtful);
                })
                .begin(home, keyring.installation());
    }

    @AfterEach
    void end() throws IOException {
        sidecar.close();
        keyring.close();
    }

    private void sealTo(Path file) throws IOException {
        StudyKey key = keyring.attachmentKey();
        SealRequest request = new SealRequest(
                keyring.installation(),
                uuid,
                key.tenant(),
                key.id(),
                Tag16.NONE,
                1,
                Attachment.DICOM,
                ByteSource.of(PLAIN),
                1000,
                null);
        Files.createDirectories(file.getParent());
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            new Sealer(new SecureRandom()).seal(request, key.key(), out, EncodeEffort.IMAGE);
        }
    }

    private FileLine line() {
        return new FileLine(uuid, uuid, PLAIN.length, true);
    }

    @Test
    void whatIsHereIsWrittenAsReadableAsOrthancsFolder() throws IOException {
        sealTo(home.spooled(uuid));

        unsealing.unseal(line());

        assertThat(clear).hasBinaryContent(PLAIN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(clear)))
                .isEqualTo("rw-r-----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(clear.getParent())))
                .isEqualTo("rwxr-x---");
        assertThat(home.spooled(uuid)).exists();
        assertThat(unsealing.isThere(line())).isTrue();
    }

    @Test
    void whatHasAnotherNameIsWrittenUnderThatOne() throws IOException {
        sealTo(home.spooled(uuid));
        FileLine other = new FileLine(UUID.randomUUID(), uuid, PLAIN.length, true);

        unsealing.unseal(other);

        assertThat(unsealing.isThere(other)).isTrue();
        assertThat(clear).doesNotExist();
    }

    @Test
    void whatIsEvictedComesFromATier() throws IOException {
        Path far = folder.resolve("far");
        sealTo(far);
        inTier = Files.readAllBytes(far);

        unsealing.unseal(line());

        assertThat(clear).hasBinaryContent(PLAIN);
    }

    @Test
    void whatDoesNotOpenHereComesFromATier() throws IOException {
        sealTo(home.cached(uuid));
        inTier = Files.readAllBytes(home.cached(uuid));
        byte[] wrong = inTier.clone();
        wrong[wrong.length / 2] ^= 1;
        Files.write(home.cached(uuid), wrong);

        unsealing.unseal(line());

        assertThat(clear).hasBinaryContent(PLAIN);
    }

    @Test
    void whatDoesNotOpenInTheSpoolComesFromTheSecondDisk() throws IOException {
        Path spooled = home.spooled(uuid);
        sealTo(spooled);
        byte[] sealed = Files.readAllBytes(spooled);
        Path copy = Home.sharded(mirror, uuid);
        Files.createDirectories(copy.getParent());
        Files.write(copy, sealed);
        int keyId = 56;
        for (int at : new int[] {keyId, sealed.length / 2}) {
            byte[] wrong = sealed.clone();
            wrong[at] ^= 1;
            Files.write(spooled, wrong);
            inTier = wrong; // no tier has it: the sidecar gives what is in the spool

            unsealing.unseal(line());

            assertThat(clear).hasBinaryContent(PLAIN);
            Files.delete(clear);
        }
        Files.delete(spooled);
        Files.createDirectory(spooled); // it opens, and gives no byte
        unsealing.unseal(line());
        assertThat(clear).hasBinaryContent(PLAIN);
    }

    @Test
    void whatATierGaveWrongIsAskedForOnceMore() throws IOException {
        Path far = folder.resolve("far");
        sealTo(far);
        inTier = Files.readAllBytes(far);
        doubtful = inTier.clone();
        doubtful[doubtful.length / 2] ^= 1;

        unsealing.unseal(line());

        assertThat(clear).hasBinaryContent(PLAIN);
    }

    @Test
    void whatDoesNotOpenAnywhereLeavesNothing() throws IOException {
        Path far = folder.resolve("far");
        sealTo(far);
        inTier = Files.readAllBytes(far);
        inTier[inTier.length / 2] ^= 1;

        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> unsealing.unseal(line()))
                .matches(e -> e.kind() == FailureKind.CORRUPT);

        assertThat(clear.getParent()).isEmptyDirectory();
        assertThat(unsealing.isThere(line())).isFalse();
    }

    @Test
    void whatAKillLeftHalfWrittenGoes() throws IOException {
        sealTo(home.spooled(uuid));
        Files.createDirectories(clear.getParent());
        Files.writeString(clear.resolveSibling("." + uuid + ".123.tmp"), "half an image");

        unsealing.unseal(line());

        assertThat(clear.getParent()).isDirectoryContaining(clear::equals);
        try (var files = Files.list(clear.getParent())) {
            assertThat(files).containsExactly(clear);
        }
    }

    @Test
    void whatTheIndexKnowsAndNobodyHasIsTold() throws IOException {
        Files.createDirectories(clear.getParent());
        Files.write(clear, new byte[10]);
        UUID written = UUID.randomUUID();
        UUID nowhere = UUID.randomUUID();
        IndexProof proof = new IndexProof(
                new ClearFolder(storage), Set.of(written), KeptInClear.open(home.keptInClear(), Clock.systemUTC()));
        proof.look(new IndexLine(uuid, 10));
        proof.look(new IndexLine(written, 10));
        assertThat(proof.missing()).isEmpty();

        proof.look(new IndexLine(nowhere, 10));
        proof.look(new IndexLine(uuid, 11));
        assertThat(proof.missing()).extracting(NotClear::attachment).containsExactly(nowhere, uuid);
        assertThat(proof.missing()).allMatch(one -> !one.why().cure().isEmpty());
    }

    @Test
    void aFileOfAnotherSizeIsNotTakenForOurs() throws IOException {
        Files.createDirectories(clear.getParent());
        Files.write(clear, new byte[10]);

        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> unsealing.isThere(line()))
                .matches(e -> e.kind() == FailureKind.REFUSED && !e.cure().isEmpty());
    }

    @Test
    void aFileWithOtherBytesIsNotTakenForOurs() throws IOException {
        sealTo(home.spooled(uuid));
        byte[] other = PLAIN.clone();
        other[PLAIN.length - 1] ^= 1;
        Files.createDirectories(clear.getParent());
        Files.write(clear, other);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> unsealing.isThere(line()))
                .matches(e -> e.kind() == FailureKind.REFUSED && !e.cure().isEmpty());
        Files.write(clear, PLAIN);
        assertThat(unsealing.isThere(line())).isTrue();
    }

    @Test
    void whatIsThereIsComparedWithATiersCopyIfThereIsNoneHere() throws IOException {
        Path far = folder.resolve("far");
        sealTo(far);
        inTier = Files.readAllBytes(far);
        Files.createDirectories(clear.getParent());
        Files.write(clear, new byte[PLAIN.length]);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> unsealing.isThere(line()))
                .matches(e -> e.kind() == FailureKind.REFUSED);
    }

    /** A run that was killed goes on where it was: what is in tiers is not fetched twice. */
    @Test
    void whatAnEarlierRunComparedIsReadAgainOnlyIfItChanged() throws IOException {
        sealTo(home.spooled(uuid));
        unsealing.unseal(line());
        Files.delete(home.spooled(uuid));
        sidecar.close();
        Unsealing again = new Unsealing(
                ControlClient.connect(home),
                keyring,
                home,
                new SpoolMirror(home, Optional.empty()),
                new ClearFolder(storage));
        assertThat(again.isThere(line())).isTrue();
        byte[] other = PLAIN.clone();
        other[0] ^= 1;
        Files.write(clear, other);
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> again.isThere(line()));
    }

    /** It was never sealed, because it has rotted: Orthanc would show it as it is. */
    @Test
    void aClearFileThatIsNotWhatTheIndexSaysIsTold() throws IOException {
        Files.createDirectories(clear.getParent());
        Files.write(clear, new byte[10]);
        Files.writeString(
                home.keptInClear(),
                """
                {"kept": [{"attachment": "%s", "stamp": "%s in a folder", "tried": "2026-11-26T12:00:00Z",
                  "why": {"kind": "CORRUPT", "message": "it is not what it was", "cure": "Look at the disk"}}]}"""
                        .formatted(uuid, new ClearFolder(storage).stamp(uuid)));
        IndexProof proof = new IndexProof(
                new ClearFolder(storage), Set.of(), KeptInClear.open(home.keptInClear(), Clock.systemUTC()));
        proof.look(new IndexLine(uuid, 10));
        assertThat(proof.missing())
                .singleElement()
                .satisfies(one -> assertThat(one.why().text()).isEqualTo("it is not what it was"));
        Files.write(clear, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}); // that of a backup
        IndexProof mended = new IndexProof(
                new ClearFolder(storage), Set.of(), KeptInClear.open(home.keptInClear(), Clock.systemUTC()));
        mended.look(new IndexLine(uuid, 10));
        assertThat(mended.missing()).isEmpty();
    }

    @Test
    void aStorageDirectoryThatIsNotMountedIsRefused() {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> new ClearFolder(folder.resolve("nowhere")))
                .matches(e -> e.kind() == FailureKind.REFUSED && !e.cure().isEmpty());
    }
}
