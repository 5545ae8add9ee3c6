package org.strongroom.plugin.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.LivingFile;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.home.SealedFiles;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.export.LivingNames;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.hold.HoldText;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.seal.SealedReader;

/** Files that get another key because only the rest of their study is erased. */
class ResealingTest {
    private static final Instant THEN = Instant.parse("2024-05-01T10:00:00Z");
    private static final long LARGEST = 1 << 20;

    @TempDir
    Path folder;

    private StorageFixture open;
    private final List<UUID> names = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
    private final List<byte[]> images = new ArrayList<>();
    /** Series whose metadata Orthanc was to forget. */
    private final Set<String> forgotten = new HashSet<>();

    private UUID key;

    @BeforeEach
    void seal() throws IOException {
        open = StorageFixture.open(folder);
        for (UUID name : names) {
            images.add(SyntheticDicom.ct().patient("P1").study("1.2.3").toBytes());
            open.storage.create(attachment(name), ByteSource.of(images.get(images.size() - 1)), () -> true);
        }
        key = open.storage.plainReads().keyOf(names.get(0)).orElseThrow();
    }

    @AfterEach
    void close() throws IOException {
        open.close();
    }

    private static Attachment attachment(UUID name) {
        return new Attachment(name, Attachment.DICOM);
    }

    private static LivingFile living(UUID file, UUID... called) {
        return new LivingFile(file, List.of(called), THEN);
    }

    private void close(UUID closed) throws IOException {
        open.journal.keyClosed(closed);
        open.keyring.retire(closed);
    }

    private byte[] read(UUID name) throws IOException {
        ByteSource plain = open.storage.plainReads().plain(name, LARGEST);
        return plain.read(0, Math.toIntExact(plain.size()));
    }

    private SealedHeader header(UUID file) throws IOException {
        try (FileSource sealed = FileSource.open(open.home.spooled(file))) {
            return SealedReader.readHeader(sealed);
        }
    }

    @Test
    void namesMeanTheSameBytesUnderTheStudysNextKeyAndTheFormerOneOpensNone() throws IOException {
        close(key);
        int moved = open.storage
                .resealing()
                .some(key, each -> names.forEach(name -> each.accept(living(name, name))), forgotten::addAll);
        assertThat(moved).isEqualTo(3);
        UUID next = open.storage.plainReads().keyOf(names.get(0)).orElseThrow();
        assertThat(next).isNotEqualTo(key);
        assertThat(open.keyring.findStudyKey("clinic", "P1".getBytes(US_ASCII), "1.2.3".getBytes(US_ASCII)))
                .contains(next);
        for (int i = 0; i < 3; i++) {
            UUID fresh = open.aliases.sealed(names.get(i));
            SealedHeader before = header(names.get(i));
            SealedHeader after = header(fresh);
            assertThat(fresh).isNotEqualTo(names.get(i));
            assertThat(after.key()).isEqualTo(next);
            assertThat(after.attachment()).isEqualTo(fresh);
            assertThat(after.order()).isEqualTo(before.order());
            assertThat(after.seriesTag()).isEqualTo(before.seriesTag());
            assertThat(Files.getLastModifiedTime(open.home.spooled(fresh)).toInstant())
                    .isEqualTo(THEN);
        }
        open.keyring.destroy(key);
        for (int i = 0; i < 3; i++) {
            Files.delete(open.home.spooled(names.get(i)));
            assertThat(read(names.get(i))).isEqualTo(images.get(i));
        }
        LivingNames living = LivingNames.read(open.home, open.keyring.home());
        for (UUID name : names) {
            assertThat(living.isLiving(name)).isFalse();
            assertThat(living.isLiving(open.aliases.sealed(name))).isTrue();
        }
    }

    @Test
    void aNameThatOrthancRemovesMeanwhileStaysWithTheFileThatItRemoved() throws IOException {
        close(key);
        UUID gone = names.get(0);
        int moved = open.storage
                .resealing()
                .some(
                        key,
                        each -> {
                            each.accept(living(gone, gone));
                            open.storage.remove(attachment(gone));
                            each.accept(living(names.get(1), names.get(1)));
                        },
                        forgotten::addAll);
        assertThat(moved).isEqualTo(2);
        assertThat(open.aliases.sealed(gone)).isEqualTo(gone);
        LivingNames living = LivingNames.read(open.home, open.keyring.home());
        assertThat(living.isLiving(gone)).isFalse();
        assertThat(living.isLiving(open.aliases.sealed(names.get(1)))).isTrue();
        long others = 0;
        for (UUID file : openFiles()) {
            others += !names.contains(file) && living.isLiving(file) ? 1 : 0;
        }
        assertThat(others).as("what was sealed for nobody is removed").isEqualTo(1);
        open.storage.remove(attachment(names.get(1)));
        assertThat(LivingNames.read(open.home, open.keyring.home()).isLiving(open.aliases.sealed(names.get(1))))
                .isFalse();
    }

    private Set<UUID> openFiles() throws IOException {
        return new SealedFiles(open.home).names();
    }

    @Test
    void everyNameOfAFileMovesAndNoOtherOne() throws IOException {
        UUID file = names.get(0);
        UUID more = UUID.randomUUID();
        open.journal.alias(more, file);
        open.aliases.add(more, file);
        close(key);
        UUID stranger = names.get(1);
        StrongroomException refused = catchThrowableOfType(StrongroomException.class, () -> open.storage
                .resealing()
                .some(key, each -> each.accept(living(file, stranger)), forgotten::addAll));
        assertThat(refused.kind()).isEqualTo(FailureKind.REFUSED);
        assertThat(open.aliases.sealed(stranger)).isEqualTo(stranger);
        open.storage.resealing().some(key, each -> each.accept(living(file, file, more)), forgotten::addAll);
        assertThat(open.aliases.sealed(more))
                .isEqualTo(open.aliases.sealed(file))
                .isNotEqualTo(file);
        assertThat(read(more)).isEqualTo(images.get(0));
    }

    @Test
    void whatIsOfAnotherKeyOrDoesNotOpenIsNotMoved() throws IOException {
        UUID other = UUID.randomUUID();
        open.storage.create(
                attachment(other),
                ByteSource.of(SyntheticDicom.ct().patient("P2").study("1.2.4").toBytes()),
                () -> true);
        close(key);
        assertThat(failure(living(other, other))).isEqualTo(FailureKind.REFUSED);
        byte[] sealed = Files.readAllBytes(open.home.spooled(names.get(0)));
        sealed[sealed.length - 100] ^= 1;
        Files.write(open.home.spooled(names.get(0)), sealed);
        assertThat(failure(living(names.get(0), names.get(0))))
                .as("another copy is looked for, and there is no sidecar")
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(open.aliases.sealed(names.get(0))).isEqualTo(names.get(0));
        assertThat(openFiles()).hasSize(4);
    }

    private FailureKind failure(LivingFile file) {
        return catchThrowableOfType(
                        StrongroomException.class,
                        () -> open.storage.resealing().some(key, each -> each.accept(file), forgotten::addAll))
                .kind();
    }

    @Test
    void whatIsMovedComesUnderThePatientsHold() throws IOException {
        HoldText text = new HoldText("Dr. Roe", "case 12/26", HoldText.Kind.PATIENT, "P1");
        open.holds.carryOut(HoldOrder.add(open.keyring, text, List.of(key)), open.journal, open.audit);
        close(key);
        open.storage.resealing().some(key, each -> each.accept(living(names.get(0), names.get(0))), forgotten::addAll);
        UUID next = open.storage.plainReads().keyOf(names.get(0)).orElseThrow();
        assertThat(open.holds.open().get(0).held()).contains(key, next);
    }

    @Test
    void aRestartKnowsWhatNamesMean() throws IOException {
        close(key);
        open.storage.resealing().some(key, each -> each.accept(living(names.get(0), names.get(0))), forgotten::addAll);
        Aliases again = new Aliases();
        Journal.read(open.home.journal(), open.keyring.home(), (entry, chain) -> {
            if (entry.type() == JournalType.MOVED) {
                again.move(entry.id(), entry.sealed());
            }
        });
        assertThat(again.sealed(names.get(0)))
                .isEqualTo(open.aliases.sealed(names.get(0)))
                .isNotEqualTo(names.get(0));
    }

    @Test
    void whatTellsOfAllImagesOfASeriesIsForgottenAndNotSealedAnew() throws IOException {
        byte[] json =
                ("[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"P1\"]},\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]},"
                                + "\"0020000E\":{\"vr\":\"UI\",\"Value\":[\"1.2.3.4\"]}}]")
                        .getBytes(US_ASCII);
        ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        metadata.write(("2;" + "0".repeat(32) + ";").getBytes(US_ASCII));
        try (GZIPOutputStream zip = new GZIPOutputStream(metadata)) {
            zip.write(json);
        }
        UUID name = UUID.randomUUID();
        open.storage.create(new Attachment(name, 0), ByteSource.of(metadata.toByteArray()), () -> true);
        assertThat(open.storage.plainReads().keyOf(name)).contains(key);
        close(key);
        open.storage.resealing().some(key, each -> each.accept(living(name, name)), forgotten::addAll);
        assertThat(forgotten).hasSize(1).allMatch(series -> series.matches("[0-9a-f]{8}(-[0-9a-f]{8}){4}"));
        assertThat(open.aliases.sealed(name)).isEqualTo(name);
        assertThat(openFiles()).hasSize(4);
    }

    @Test
    void oneThatCannotBeMovedHoldsUpNoOtherAndWhatIsNotHereAnyMoreLosesTheNameThatItHad() throws IOException {
        close(key);
        UUID lost = names.get(0);
        Files.delete(open.home.spooled(lost));
        StrongroomException failed = catchThrowableOfType(StrongroomException.class, () -> open.storage
                .resealing()
                .some(key, each -> names.forEach(name -> each.accept(living(name, name))), forgotten::addAll));
        assertThat(failed.context()).containsEntry("file", lost.toString());
        assertThat(open.aliases.sealed(names.get(2))).isNotEqualTo(names.get(2));
        UUID fresh = open.aliases.sealed(names.get(2));
        assertThat(open.aliases.firstNames(fresh)).containsExactly(names.get(2));
        open.storage.resealing().forget(fresh);
        assertThat(open.journal.hasRemoved(names.get(2))).isTrue();
        assertThat(LivingNames.read(open.home, open.keyring.home()).isLiving(fresh))
                .isFalse();
        open.storage.resealing().forget(lost);
        assertThat(open.journal.hasRemoved(lost)).isTrue();
    }
}
