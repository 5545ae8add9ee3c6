package org.strongroom.plugin.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.settings.Watermark;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.seal.SealedReader;
import org.strongroom.plugin.storage.ClearDesk;
import org.strongroom.plugin.storage.SealedStorage;

/** One clear file becomes a sealed one; whatever goes wrong, its bytes stay readable. */
class ClearDeskTest {
    private static final byte[] IMAGE = OldOrthanc.image(1);

    @TempDir
    Path folder;

    private OldOrthanc orthanc;
    private SealedStorage storage;
    private ClearDesk desk;

    @BeforeEach
    void begin() throws IOException {
        orthanc = new OldOrthanc(folder).withSidecar();
        storage = orthanc.storage();
        desk = storage.clearDesk();
    }

    @AfterEach
    void end() throws IOException {
        orthanc.close();
    }

    private static Attachment dicom(UUID uuid) {
        return new Attachment(uuid, Attachment.DICOM);
    }

    private SealedHeader header(UUID uuid) throws IOException {
        try (FileSource sealed = FileSource.open(orthanc.home.spooled(uuid))) {
            return SealedReader.readHeader(sealed);
        }
    }

    @Test
    void isSealedAsCreateWouldAndThenRemoved() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        UUID fresh = UUID.randomUUID();
        storage.create(dicom(fresh), ByteSource.of(IMAGE), () -> true);

        assertThat(desk.seal(dicom(old), "")).hasValue(IMAGE.length);

        assertThat(OldOrthanc.read(storage, old)).isEqualTo(IMAGE);
        assertThat(orthanc.clear(old)).doesNotExist();
        assertThat(orthanc.storageDirectory).isEmptyDirectory();
        SealedHeader sealed = header(old);
        SealedHeader expected = header(fresh);
        assertThat(sealed.attachment()).isEqualTo(old);
        assertThat(sealed.key()).isEqualTo(expected.key());
        assertThat(sealed.seriesTag()).isEqualTo(expected.seriesTag());
        assertThat(sealed.contentType()).isEqualTo(Attachment.DICOM);
        assertThat(sealed.imageLayout()).isEqualTo(expected.imageLayout()).isNotNull();
        assertThat(Files.getLastModifiedTime(orthanc.home.spooled(old)).toInstant())
                .isEqualTo(OldOrthanc.YEARS_AGO);
    }

    @Test
    void bothAreThereAfterACrashAndOnlyTheClearOneGoes() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        storage.create(dicom(old), ByteSource.of(IMAGE), () -> true);
        byte[] sealed = Files.readAllBytes(orthanc.home.spooled(old));

        assertThat(desk.seal(dicom(old), "")).hasValue(IMAGE.length);

        assertThat(orthanc.clear(old)).doesNotExist();
        assertThat(Files.readAllBytes(orthanc.home.spooled(old))).isEqualTo(sealed);
    }

    @Test
    void aSealedFileThatIsNotTheSameLeavesBoth() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        byte[] other = IMAGE.clone();
        other[other.length - 1] ^= 1;
        storage.create(dicom(old), ByteSource.of(other), () -> true);

        assertFails(old, FailureKind.CORRUPT);

        assertThat(orthanc.clear(old)).hasBinaryContent(IMAGE);
        assertThat(orthanc.home.spooled(old)).exists();
    }

    @Test
    void aSealedFileThatIsLongerLeavesBoth() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        storage.create(dicom(old), ByteSource.of(Arrays.copyOf(IMAGE, IMAGE.length + 1)), () -> true);

        assertFails(old, FailureKind.CORRUPT);

        assertThat(orthanc.clear(old)).exists();
    }

    private byte[] sealedBefore(UUID old) throws IOException {
        storage.create(dicom(old), ByteSource.of(IMAGE), () -> true);
        return Files.readAllBytes(orthanc.home.spooled(old));
    }

    private static byte[] damaged(byte[] sealed) {
        byte[] damaged = sealed.clone();
        damaged[damaged.length - 100] ^= 1;
        return damaged;
    }

    private void assertSealedAnew(UUID old) throws IOException {
        assertThat(desk.seal(dicom(old), "")).hasValue(IMAGE.length);

        assertThat(orthanc.clear(old)).doesNotExist();
        assertThat(OldOrthanc.read(storage, old)).isEqualTo(IMAGE);
        assertThat(orthanc.home.quarantine().resolve("spool-" + old)).exists();
    }

    @Test
    void aDamagedSealedFileOfWhichThereIsNoOtherIsSealedAnew() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        Files.write(orthanc.home.spooled(old), damaged(sealedBefore(old)));

        assertSealedAnew(old);
    }

    @Test
    void aSealedFileThatTheDiskDoesNotGiveIsNoBadClearFile() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        Files.createDirectories(orthanc.home.spooled(old)); // it opens, and gives no byte
        for (int i = 0; i < 100; i++) {
            Files.createFile(orthanc.home.spooled(old).resolve("sector" + i));
        }

        assertSealedAnew(old);
    }

    @Test
    void aDamagedSealedFileComesBackFromTheSecondDisk() throws IOException {
        storage = orthanc.storage(Watermark.parse("1 B"), Optional.of(Files.createDirectory(folder.resolve("mirror"))));
        desk = storage.clearDesk();
        UUID old = orthanc.stored(IMAGE);
        byte[] sealed = sealedBefore(old);
        Files.write(orthanc.home.spooled(old), damaged(sealed));

        assertSealedAnew(old);

        assertThat(orthanc.home.spooled(old)).hasBinaryContent(sealed);
    }

    @Test
    void aDamagedSealedFileThatATierHasIsNotSealedAnew() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        byte[] sealed = sealedBefore(old);
        orthanc.putInTier(old, sealed);
        Files.write(orthanc.home.spooled(old), damaged(sealed));

        assertSealedAnew(old);

        assertThat(orthanc.home.spooled(old)).doesNotExist();
    }

    @Test
    void whatIsDamagedInTheTierTooLeavesTheClearFile() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        orthanc.putInTier(old, damaged(sealedBefore(old)));
        Files.delete(orthanc.home.spooled(old));

        assertFails(old, FailureKind.CORRUPT);

        assertThat(orthanc.clear(old)).hasBinaryContent(IMAGE);
    }

    @Test
    void aDiskOfHomeThatFailsIsNoBadClearFile() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        Files.delete(orthanc.home.spool());
        Files.createFile(orthanc.home.spool());

        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> desk.seal(dicom(old), ""))
                .matches(e -> e.kind() == FailureKind.UNAVAILABLE)
                .withMessageContaining("Strongroom.Home");
    }

    @Test
    void whatIsNotWhatTheIndexSaysIsNotSealed() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        String other = "d41d8cd98f00b204e9800998ecf8427e";
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> desk.seal(dicom(old), other))
                .matches(e -> e.kind() == FailureKind.CORRUPT)
                .withMessageContaining("backup");
        assertThat(orthanc.clear(old)).hasBinaryContent(IMAGE);
        assertThat(orthanc.home.spooled(old)).doesNotExist();

        UUID empty = orthanc.stored(new byte[0]);
        assertThat(desk.seal(new Attachment(empty, 0), other)).hasValue(0);
        assertThat(orthanc.clear(empty)).doesNotExist();
    }

    @Test
    void whatTheJournalTookBackIsNotRemoved() throws IOException {
        UUID removed = orthanc.stored(IMAGE);
        UUID back = orthanc.stored(IMAGE);
        UUID again = orthanc.stored(IMAGE);
        for (UUID uuid : List.of(removed, back, again, UUID.randomUUID())) {
            orthanc.journal.tombstone(uuid);
        }
        orthanc.journal.restored(back);
        orthanc.journal.alias(again, back);
        List<UUID> told = new ArrayList<>();

        new JournaledRemovals(orthanc.home, orthanc.keyring.home(), desk::isClear).run(told::add);

        assertThat(told).containsExactly(removed);
    }

    @Test
    void nothingIsSealedWithoutASidecarThatSaysThatNoTierHasIt() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        Files.delete(orthanc.home.control());

        assertFails(old, FailureKind.UNAVAILABLE);

        assertThat(orthanc.home.spooled(old)).doesNotExist();
        assertThat(OldOrthanc.read(storage, old)).isEqualTo(IMAGE);
    }

    @Test
    void theRoomThatNewImagesNeedIsLeft() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        long half = folder.toFile().getUsableSpace() / 2;
        desk = orthanc.storage(new Watermark(half + (1 << 28), false)).clearDesk();

        assertFails(old, FailureKind.FULL);

        assertThat(orthanc.clear(old)).hasBinaryContent(IMAGE);
    }

    @Test
    void whatOrthancRemovesIsSealedBeforeItIsForgotten() throws IOException {
        UUID old = orthanc.stored(IMAGE);

        storage.remove(dicom(old));

        assertThat(desk.nextRemoved()).hasValue(dicom(old));
        assertThat(desk.nextRemoved()).isEmpty();
    }

    @Test
    void whatWasRemovedInAnEarlierLifeIsKnownByItsContent() throws IOException {
        byte[] report = SyntheticDicom.report().toBytes();
        UUID image = orthanc.stored(IMAGE);
        UUID document = orthanc.stored(report);
        long pixels = DicomHeader.read(ByteSource.of(IMAGE))
                .orElseThrow()
                .pixels()
                .orElseThrow()
                .offset();
        UUID cut = orthanc.stored(Arrays.copyOf(IMAGE, (int) pixels));
        UUID json = orthanc.stored("{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
        for (UUID uuid : new UUID[] {image, document, cut, json}) {
            desk.sealRemoved(uuid);
        }

        assertThat(header(image).contentType()).isEqualTo(Attachment.DICOM);
        assertThat(header(document).contentType()).isEqualTo(Attachment.DICOM);
        assertThat(header(cut).contentType()).isEqualTo(Attachment.DICOM_UNTIL_PIXEL_DATA);
        assertThat(header(json).contentType()).isZero();
    }

    @Test
    void onlyFilesThatAreNamedAsOrthancNamesThemAreVisited() throws IOException {
        UUID old = orthanc.stored(IMAGE);
        Files.writeString(orthanc.storageDirectory.resolve("index"), "a database");
        Files.writeString(orthanc.clear(old).resolveSibling("notes"), "somebody's");
        Files.copy(
                orthanc.clear(old),
                orthanc.clear(old).resolveSibling(UUID.randomUUID().toString()));
        Map<UUID, Long> visited = new HashMap<>();

        desk.visit(visited::put);

        assertThat(visited).isEqualTo(Map.of(old, (long) IMAGE.length));
    }

    private void assertFails(UUID uuid, FailureKind kind) {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> desk.seal(dicom(uuid), ""))
                .matches(e -> e.kind() == kind && !e.cure().isEmpty());
    }
}
