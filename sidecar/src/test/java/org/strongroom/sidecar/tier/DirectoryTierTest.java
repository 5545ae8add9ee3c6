package org.strongroom.sidecar.tier;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

final class DirectoryTierTest extends TierContract {
    @TempDir
    Path root;

    @Override
    protected Tier open() {
        return new DirectoryTier("offsite", root);
    }

    @Test
    void aDirectoryThatIsNotThereIsUnavailableAndNeverMade() {
        Path missing = root.resolve("not-mounted");
        assertEverythingIsUnavailable(new DirectoryTier("offsite", missing));
        assertThat(missing).doesNotExist();
    }

    @Test
    void aBareMountPointIsUnavailable() throws IOException {
        tier.put("tier.id", random(10, 1));
        assertThat(tier.head("tier.id")).isPresent();
        Path elsewhere = root.resolveSibling(root.getFileName() + "-disk");
        Files.move(root, elsewhere);
        Files.createDirectory(root);
        try {
            assertEverythingIsUnavailable(tier);
            try (Stream<Path> left = Files.list(root)) {
                assertThat(left).isEmpty();
            }
        } finally {
            Files.delete(root);
            Files.move(elsewhere, root);
        }
        assertThat(tier.head("tier.id")).isPresent();
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsUnavailable() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        assertEverythingIsUnavailable(new DirectoryTier("offsite", file));
    }

    @Test
    void leftoversAreNotListed() throws IOException {
        tier.put("packs/a", random(3, 2));
        Files.write(root.resolve("packs/.b.123.tmp"), random(3, 3));
        tier.begin("packs/c", 3);
        assertThat(listAll()).containsExactly("packs/a");
    }

    @Test
    void whatAKillLeftOfAnUploadWithoutANameIsRemoved() throws IOException {
        String going = tier.begin("packs/going", 3);
        Path uploads = root.resolve(".uploads");
        Path firstStep = Files.createDirectory(uploads.resolve(UUID.randomUUID().toString()));
        Files.createDirectory(uploads.resolve(UUID.randomUUID().toString())); // in the last step
        Files.write(firstStep.resolve("data"), new byte[0]);
        Files.write(firstStep.resolve(".upload.1.tmp"), random(3, 3));
        assertThat(tier.uploads()).extracting(Tier.Upload::id).containsExactly(going);
        try (Stream<Path> left = Files.list(uploads)) {
            assertThat(left).containsExactly(uploads.resolve(going));
        }
    }

    /** Cheap disks do that at a power cut, whatever they said before. */
    @Test
    void zerosInPlaceOfAnUploadsNotesAreInNobodysWay() throws IOException {
        byte[] bytes = random(5, 4);
        String good = tier.begin("packs/good", 5);
        tier.part("packs/good", good, 1, 0, ByteSource.of(bytes), Md5.of(bytes));
        Path uploads = root.resolve(".uploads");
        for (byte[] rest : List.of(new byte[0], new byte[12], random(40, 5), "packs/x -1".getBytes(US_ASCII))) {
            Files.write(uploads.resolve(good).resolve("1.part"), rest);
            assertThat(tier.parts("packs/good", good).orElseThrow()).isEmpty();
            String bad = tier.begin("packs/bad", 5);
            Files.write(uploads.resolve(bad).resolve("upload"), rest);
            assertThat(tier.parts("packs/bad", bad)).isEmpty();
            assertThat(tier.uploads()).extracting(Tier.Upload::id).containsExactly(good);
            assertThat(uploads.resolve(bad)).doesNotExist();
        }
        var receipt = tier.part("packs/good", good, 1, 0, ByteSource.of(bytes), Md5.of(bytes));
        tier.complete("packs/good", good, List.of(receipt));
        assertThat(read(tier, "packs/good", 0, 5)).isEqualTo(bytes);
    }

    @Test
    void whatOthersKeepAmongTheUploadsIsLeftAloneAndInNobodysWay() throws IOException {
        String going = tier.begin("packs/going", 3);
        Path foreign = root.resolve(".uploads/@eaDir");
        Path nested = root.resolve(".uploads/" + UUID.randomUUID() + "/@eaDir");
        for (Path folder : List.of(foreign, nested)) {
            Files.createDirectories(folder);
            Files.write(folder.resolve("thumbnail"), random(3, 3));
        }
        assertThat(tier.uploads()).extracting(Tier.Upload::id).containsExactly(going);
        assertThat(foreign.resolve("thumbnail")).exists();
        assertThat(nested.resolve("thumbnail")).exists();
    }

    @Test
    void aCompletionThatWasCutShortIsFinished() throws IOException {
        String upload = tier.begin("packs/cut", 5);
        var receipt = tier.part("packs/cut", upload, 1, 0, ByteSource.of(random(5, 4)), Md5.of(random(5, 4)));
        Files.move(root.resolve(".uploads/" + upload + "/data"), root.resolve("packs-cut"));
        Files.createDirectories(root.resolve("packs"));
        Files.move(root.resolve("packs-cut"), root.resolve("packs/cut"));
        tier.complete("packs/cut", upload, List.of(receipt));
        assertThat(tier.uploads()).isEmpty();
        assertThat(root.resolve(".uploads")).isEmptyDirectory();
        assertThat(read(tier, "packs/cut", 0, 5)).isEqualTo(random(5, 4));
    }

    @Test
    void aPartThatBreaksOffHasNoReceipt() {
        byte[] good = random(100_000, 5);
        String upload = tier.begin("packs/torn", good.length);
        tier.part("packs/torn", upload, 1, 0, ByteSource.of(good), Md5.of(good));
        assertFails(
                FailureKind.CORRUPT,
                () -> tier.part("packs/torn", upload, 1, 0, ByteSource.of(random(100_000, 6)), Md5.of(good)));
        assertThat(tier.parts("packs/torn", upload).orElseThrow()).isEmpty();
    }

    @Test
    void aFileThatShrinksWhileItIsReadFails() throws IOException {
        tier.put("shrinks", random(200_000, 7));
        try (InputStream in = tier.get("shrinks", 0, 200_000)) {
            assertThat(in.readNBytes(1000)).hasSize(1000);
            try (FileChannel file = FileChannel.open(root.resolve("shrinks"), StandardOpenOption.WRITE)) {
                file.truncate(5000);
            }
            assertFails(FailureKind.UNAVAILABLE, in::readAllBytes);
        }
    }

    @Test
    void anUploadLargerThanTheDiskIsRefusedBeforeItStarts() {
        assertFails(FailureKind.FULL, () -> tier.begin("packs/huge", Long.MAX_VALUE));
    }

    @Test
    void failuresOfTheDiskHaveTheirKinds() {
        FileFailures failures = new FileFailures("offsite", root);
        assertThat(failures.write(new IOException("No space left on device")).kind())
                .isEqualTo(FailureKind.FULL);
        assertThat(failures.write(new IOException("Read-only file system")).kind())
                .isEqualTo(FailureKind.REFUSED);
        assertThat(failures.write(new IOException("Input/output error")).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        StrongroomException denied = failures.write(new AccessDeniedException("x"));
        assertThat(denied.kind()).isEqualTo(FailureKind.REFUSED);
        assertThat(denied.cure()).contains("permission");
        assertThat(failures.read(new AccessDeniedException("x")).kind()).isEqualTo(FailureKind.REFUSED);
    }

    @Test
    void sharesAFileSystemWithItsNeighbours() {
        DirectoryTier here = new DirectoryTier("offsite", root);
        assertThat(here.sharesFileSystemWith(root.resolveSibling("not-made-yet/spool")))
                .isTrue();
        assertThat(here.sharesFileSystemWith(Path.of("/proc"))).isFalse();
    }

    private List<String> listAll() {
        List<String> names = new java.util.ArrayList<>();
        tier.list("", info -> names.add(info.name()));
        return names;
    }

    private static void assertEverythingIsUnavailable(Tier gone) {
        assertFails(FailureKind.UNAVAILABLE, () -> gone.head("tier.id"));
        assertFails(FailureKind.UNAVAILABLE, () -> gone.get("tier.id", 0, 1));
        assertFails(FailureKind.UNAVAILABLE, () -> gone.list("", info -> {}));
        assertFails(FailureKind.UNAVAILABLE, () -> gone.put("a", new byte[1]));
        assertFails(FailureKind.UNAVAILABLE, () -> gone.begin("a", 1));
        assertFails(FailureKind.UNAVAILABLE, gone::uploads);
        assertFails(FailureKind.UNAVAILABLE, () -> gone.delete("a"));
        assertFails(FailureKind.UNAVAILABLE, () -> gone.parts("a", "00000000-0000-0000-0000-000000000000"));
    }
}
