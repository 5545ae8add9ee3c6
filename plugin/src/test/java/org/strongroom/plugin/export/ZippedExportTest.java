package org.strongroom.plugin.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StudyKey;
import org.strongroom.plugin.seal.SealRequest;
import org.strongroom.plugin.seal.Sealed;
import org.strongroom.plugin.seal.Sealer;

/** A ZIP is there whole or not at all, and a command that was killed goes on where it was. */
class ZippedExportTest {
    private static final int PIXELS = 200 * 300 * 2;
    /** Room for two of the images in a ZIP, not for three. */
    private static final Optional<Long> TWO = Optional.of(300_000L);

    @TempDir
    Path folder;

    private Path to;
    private Keyring keyring;
    private final Map<SealedHeader, byte[]> sealed = new LinkedHashMap<>();
    private final List<byte[]> images = new ArrayList<>();

    @BeforeEach
    void fiveImagesOfOneSeries() throws IOException {
        to = folder.resolve("to");
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
        Random random = new Random(7);
        for (int i = 1; i <= 5; i++) {
            byte[] pixels = new byte[PIXELS];
            random.nextBytes(pixels);
            byte[] image = SyntheticDicom.ct()
                    .size(200, 300)
                    .patient("P1")
                    .study("1.2.3")
                    .series("1.2.3.4")
                    .sop("1.2.3.4." + i)
                    .instance(i)
                    .pixels(pixels)
                    .toBytes();
            images.add(image);
            seal(image, i);
        }
    }

    private void seal(byte[] plain, int number) throws IOException {
        StudyKey key =
                keyring.studyKey("P1".getBytes(StandardCharsets.US_ASCII), "1.2.3".getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        SealRequest request = new SealRequest(
                keyring.installation(),
                UUID.randomUUID(),
                key.tenant(),
                key.id(),
                Tag16.NONE,
                number,
                Attachment.DICOM,
                ByteSource.of(plain),
                0,
                null);
        Sealed one =
                new Sealer(new SecureRandom()).seal(request, key.key(), Channels.newChannel(file), EncodeEffort.IMAGE);
        sealed.put(one.header(), file.toByteArray());
    }

    @AfterEach
    void end() throws IOException {
        keyring.close();
    }

    private ZippedExport open(Optional<Long> largest) throws IOException {
        return new ZippedExport(to, keyring, Optional.empty(), "patient P1", largest);
    }

    private void write(ZippedExport export, int most) throws IOException {
        int count = 0;
        for (Map.Entry<SealedHeader, byte[]> one : sealed.entrySet()) {
            if (!export.has(one.getKey().attachment()) && count++ < most) {
                export.write(one.getKey(), List.of(() -> ByteSource.of(one.getValue())));
            }
        }
    }

    private ZippedExport run(Optional<Long> largest) throws IOException, InterruptedException {
        ZippedExport export = open(largest);
        write(export, Integer.MAX_VALUE);
        export.finish((done, all) -> {});
        return export;
    }

    /** All images in all ZIPs, by name. */
    private Map<String, byte[]> zipped(ZippedExport export) throws IOException {
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (String name : export.zips()) {
            try (ZipFile zip = new ZipFile(to.resolve(name).toFile())) {
                for (ZipEntry entry : zip.stream().toList()) {
                    if (entry.getName().startsWith("DICOM/")) {
                        try (InputStream in = zip.getInputStream(entry)) {
                            assertThat(found.put(entry.getName(), in.readAllBytes()))
                                    .as(entry.getName())
                                    .isNull();
                        }
                    }
                }
                assertThat(zip.getEntry("manifest.jsonl")).isNotNull();
                assertThat(zip.getEntry("SHA256SUMS")).isNotNull();
            }
        }
        return found;
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> all = Files.list(to)) {
            return Set.copyOf(all.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void oneZipHasAllAndNothingIsLeftBesideIt() throws Exception {
        ZippedExport export = run(Optional.empty());
        assertThat(export.failures()).isEmpty();
        assertThat(export.images()).isEqualTo(5);
        assertThat(export.written()).isEqualTo(5);
        assertThat(zipped(export).values()).containsExactlyInAnyOrderElementsOf(images);
        assertThat(names()).containsExactlyInAnyOrder("export.zip", "volumes.jsonl", "SHA256SUMS");
        assertThat(Zip.entries(to.resolve("export.zip")))
                .allSatisfy(entry -> assertThat(entry.tenant()).isEqualTo("clinic"));

        byte[] before = Files.readAllBytes(to.resolve("export.zip"));
        ZippedExport again = run(Optional.empty());
        assertThat(again.written()).isZero();
        assertThat(again.images()).isEqualTo(5);
        assertThat(to.resolve("export.zip")).hasBinaryContent(before);
    }

    @Test
    void noZipIsLargerThanAskedForAndNoNameIsInTwo() throws Exception {
        ZippedExport export = run(TWO);
        assertThat(export.zips()).containsExactly("export-0001.zip", "export-0002.zip", "export-0003.zip");
        for (String zip : export.zips()) {
            assertThat(Files.size(to.resolve(zip))).isLessThanOrEqualTo(TWO.orElseThrow());
        }
        assertThat(export.oversized()).isZero();
        assertThat(zipped(export).values()).containsExactlyInAnyOrderElementsOf(images);

        Files.delete(to.resolve("volumes.jsonl"));
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> open(TWO))
                .matches(e -> e.kind() == FailureKind.REFUSED);
    }

    @Test
    void whatIsLargerThanAZipMayBeHasOneOfItsOwn() throws Exception {
        ZippedExport export = run(Optional.of(50_000L));
        assertThat(export.zips()).hasSize(5);
        assertThat(export.oversized()).isEqualTo(5);
        assertThat(zipped(export)).hasSize(5);
    }

    @Test
    void whereverItIsKilledItGoesOn() throws Exception {
        write(open(TWO), 3); // one ZIP, and one image of the next
        assertThat(names()).containsExactlyInAnyOrder("export-0001.zip", "volumes.jsonl", "tree");

        Files.write(to.resolve(".export-0002.zip.123.tmp"), new byte[100]);
        Files.createDirectories(to.resolve("tree.done/DICOM"));
        Files.write(to.resolve("tree.done/DICOM/IM000001"), new byte[100]);
        // written, and never listed; and half a line with half a character in it
        Files.write(to.resolve("tree/DICOM/PA000001/ST000001/SE000001/IM000099"), new byte[100]);
        Files.write(to.resolve("tree/manifest.jsonl"), new byte[] {'{', '"', (byte) 0xC3}, StandardOpenOption.APPEND);
        ZippedExport export = run(TWO);
        assertThat(export.written()).isEqualTo(2);
        assertThat(export.zips()).hasSize(3);
        assertThat(zipped(export).values()).containsExactlyInAnyOrderElementsOf(images);
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "export-0001.zip", "export-0002.zip", "export-0003.zip", "volumes.jsonl", "SHA256SUMS");
        assertThat(export.studies()).isEqualTo(open(TWO).studies()).hasSize(1);
    }

    /** Between the name of a ZIP and its line, and between the line and the end of its tree. */
    @Test
    void aZipIsMadeAgainUntilItIsWrittenDownAndItsTreeGoesThen() throws Exception {
        ZippedExport first = open(Optional.empty());
        write(first, 5);
        copy(to.resolve("tree"), folder.resolve("kept"));
        first.finish((done, all) -> {});
        byte[] line = Files.readAllBytes(to.resolve("volumes.jsonl"));

        copy(folder.resolve("kept"), to.resolve("tree"));
        ZippedExport written = run(Optional.empty());
        assertThat(written.zips()).containsExactly("export.zip");
        assertThat(written.written()).isZero();
        assertThat(names()).doesNotContain("tree");

        String subject =
                new String(line, StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
        Files.writeString(
                to.resolve("volumes.jsonl"), subject + "\n{\"zip\":\"exp", StandardOpenOption.TRUNCATE_EXISTING);
        Files.write(to.resolve("export.zip"), new byte[10]);
        copy(folder.resolve("kept"), to.resolve("tree"));
        ZippedExport again = run(Optional.empty());
        assertThat(again.written()).isZero();
        assertThat(zipped(again).values()).containsExactlyInAnyOrderElementsOf(images);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    @Test
    void aFileThatWasChangedInTheTreeIsInNoZip() throws Exception {
        write(open(Optional.empty()), 5);
        Path image = to.resolve("tree/DICOM/PA000001/ST000001/SE000001/IM000002");
        byte[] changed = Files.readAllBytes(image);
        changed[changed.length - 1] ^= 1;
        Files.write(image, changed);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> run(Optional.empty()))
                .matches(e -> e.kind() == FailureKind.CORRUPT);
        assertThat(names()).doesNotContain("export.zip");

        Files.delete(image);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> run(Optional.empty()))
                .matches(e -> e.kind() == FailureKind.CORRUPT);
    }

    @Test
    void whatNoManifestNamesIsInNoZip() throws Exception {
        ZippedExport export = open(Optional.empty());
        write(export, 5);
        Files.write(to.resolve("tree/DICOM/PA000001/ST000001/SE000001/IM000099"), new byte[100]);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> export.finish((done, all) -> {}))
                .matches(e -> e.kind() == FailureKind.CORRUPT);
        assertThat(names()).doesNotContain("export.zip");

        assertThat(zipped(run(Optional.empty())).values()).containsExactlyInAnyOrderElementsOf(images);
    }

    @Test
    void aZipThatWasChangedOrTakenAwayIsTold() throws Exception {
        run(TWO);
        Path second = to.resolve("export-0002.zip");
        byte[] zip = Files.readAllBytes(second);
        zip[1000] ^= 1;
        Files.write(second, zip);
        assertThat(run(TWO).failures())
                .containsOnlyKeys(
                        "export-0002.zip is not what was written: put a good copy back, or name a new folder");

        Files.delete(second);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> open(TWO))
                .matches(e -> e.kind() == FailureKind.NOT_FOUND);
    }

    @Test
    void whatCannotBeReadIsToldAndAnotherZipHasItLater() throws Exception {
        ZippedExport export = open(Optional.empty());
        Map.Entry<SealedHeader, byte[]> lost = sealed.entrySet().iterator().next();
        export.write(lost.getKey(), List.of());
        sealed.entrySet().stream().skip(1).forEach(one -> {
            try {
                export.write(one.getKey(), List.of(() -> ByteSource.of(one.getValue())));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        export.finish((done, all) -> {});
        assertThat(export.failures()).containsExactly(Map.entry("its bytes are nowhere", 1L));
        assertThat(export.images()).isEqualTo(4);

        ZippedExport later = run(Optional.empty());
        assertThat(later.failures()).isEmpty();
        assertThat(later.zips()).containsExactly("export.zip", "export-0002.zip");
        assertThat(zipped(later).values()).containsExactlyInAnyOrderElementsOf(images);
    }

    @Test
    void whatIsSaidBesideTheImagesIsInEachZip() throws Exception {
        ZippedExport export = open(TWO);
        export.enclose(new byte[] {'{', '}'});
        write(export, Integer.MAX_VALUE);
        export.finish((done, all) -> {});
        for (String name : export.zips()) {
            try (ZipFile zip = new ZipFile(to.resolve(name).toFile())) {
                assertThat(zip.getInputStream(zip.getEntry("about.json")).readAllBytes())
                        .isEqualTo(new byte[] {'{', '}'});
            }
        }
    }

    @Test
    void anotherExportsFolderIsLeftAlone() throws Exception {
        Files.createDirectories(to);
        Path theirs = Files.write(to.resolve(".thesis.tmp"), new byte[1]);
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> open(Optional.empty()));
        assertThat(theirs).exists();
        Files.move(theirs, to.resolve(".volumes.jsonl.1.tmp")); // of a run that was killed when it began

        run(Optional.empty());
        Path later = Files.write(to.resolve(".thesis.tmp"), new byte[1]);
        run(Optional.empty());
        assertThat(later).exists();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> new Export(to, keyring, Optional.empty(), "patient P1"))
                .matches(e -> e.kind() == FailureKind.REFUSED);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> new ZippedExport(to, keyring, Optional.empty(), "all", Optional.empty()))
                .matches(e -> e.kind() == FailureKind.REFUSED);
    }
}
