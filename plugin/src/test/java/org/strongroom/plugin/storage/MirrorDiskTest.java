package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;

/** A second disk that is there, is not mounted, is another's, or goes away while images arrive. */
class MirrorDiskTest {
    private static final UUID OURS = UUID.randomUUID();

    @TempDir
    Path folder;

    private Home home;
    private Path mount;
    private Path marker;

    @BeforeEach
    void folders() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        mount = Files.createDirectory(folder.resolve("second"));
        marker = mount.resolve(MirrorDisk.MARKER);
    }

    @Test
    void anEmptyFolderBecomesTheMirrorAndIsKnownFromThenOn() throws IOException {
        Files.createDirectory(mount.resolve("lost+found"));
        MirrorDisk.take(home, mount, OURS).require();
        assertThat(marker).hasContent(OURS.toString());
        MirrorDisk.take(home, mount, OURS).require();
        Path other = Files.createDirectory(folder.resolve("third"));
        MirrorDisk.take(home, other, OURS).require();
        MirrorDisk.take(home, mount, OURS).require();
    }

    @Test
    void aFolderThatDoesNotExistIsRefusedAndNotMade() throws IOException {
        Files.delete(mount);
        assertRefused(() -> MirrorDisk.take(home, mount, OURS));
        assertThat(mount).doesNotExist();
    }

    @Test
    void whatIsLeftOfAnUnmountedDiskIsRefused() throws IOException {
        MirrorDisk.take(home, mount, OURS);
        Files.delete(marker);
        assertRefused(() -> MirrorDisk.take(home, mount, OURS));
        assertThat(marker).doesNotExist();
    }

    @Test
    void anothersDiskAndAFolderOfOtherThingsAreRefused() throws IOException {
        MirrorDisk.take(home, mount, UUID.randomUUID());
        assertRefused(() -> MirrorDisk.take(home, mount, OURS));
        Path other = Files.createDirectory(folder.resolve("third"));
        Files.createFile(other.resolve("holiday.jpg"));
        assertRefused(() -> MirrorDisk.take(home, other, OURS));
        assertThat(other.resolve(MirrorDisk.MARKER)).doesNotExist();
    }

    @Test
    void aMarkingThatAPowerCutInterruptedIsDoneAgain() throws IOException {
        Files.createFile(mount.resolve("." + MirrorDisk.MARKER + ".123.tmp"));
        Files.createFile(marker);
        Files.createFile(home.spoolMirror());
        MirrorDisk.take(home, mount, OURS).require();
        assertThat(marker).hasContent(OURS.toString());
    }

    @Test
    void nothingIsWrittenWhereTheDiskWasUnmountedMeanwhile() throws IOException {
        SpoolWriter writer = new SpoolWriter(home, Optional.of(MirrorDisk.take(home, mount, OURS)));
        writer.write(
                UUID.randomUUID(),
                channel -> channel.write(ByteBuffer.allocate(9)),
                Optional.empty(),
                () -> true,
                () -> {});
        assertThat(files(mount)).isEqualTo(2);
        Path away = Files.move(mount, folder.resolve("unmounted"));
        Files.createDirectory(mount);
        assertUnavailable(() -> writer.write(UUID.randomUUID(), channel -> {}, Optional.empty(), () -> true, () -> {}));
        assertThat(files(mount)).isZero();
        assertThat(files(home.spool())).isEqualTo(1);

        Files.delete(mount);
        Files.move(away, mount);
        assertUnavailable(() -> writer.write(
                UUID.randomUUID(), channel -> Files.delete(marker), Optional.empty(), () -> true, () -> {}));
        assertThat(files(mount)).isEqualTo(1);
        assertThat(files(home.spool())).isEqualTo(1);
    }

    /** The sidecar may have taken it in, and must hear that it is nobody's. */
    @Test
    void whatWasVisibleForAMomentIsSaidToBeWithdrawn() throws IOException {
        SpoolWriter writer = new SpoolWriter(home, Optional.empty());
        AtomicInteger withdrawn = new AtomicInteger();
        assertThatThrownBy(() -> writer.write(
                        UUID.randomUUID(),
                        channel -> {},
                        Optional.empty(),
                        () -> false,
                        () -> {},
                        withdrawn::incrementAndGet))
                .hasMessageContaining("Orthanc gave up");
        assertThat(withdrawn).hasValue(0);
        assertThatThrownBy(() -> writer.write(
                        UUID.randomUUID(),
                        channel -> {},
                        Optional.empty(),
                        () -> true,
                        () -> {
                            throw new IllegalStateException("no event");
                        },
                        withdrawn::incrementAndGet))
                .hasMessage("no event");
        assertThat(withdrawn).hasValue(1);
        assertThat(files(home.spool())).isZero();
    }

    @Test
    void nothingIsWrittenWhereHomesDiskWasUnmountedMeanwhile() throws IOException {
        new Installation(OURS, Instant.EPOCH, new byte[32], new byte[32]).write(home.installation());
        SpoolWriter writer = new SpoolWriter(home, Optional.empty());
        Path away = folder.resolve("unmounted");
        for (boolean another : new boolean[] {false, true}) {
            Files.move(home.root(), away);
            Files.createDirectory(home.root());
            if (another) {
                home.createFolders();
            }
            assertNotThere(
                    () -> writer.write(UUID.randomUUID(), channel -> {}, Optional.empty(), () -> true, () -> {}));
            assertThat(files(home.root())).isZero();
            delete(home.root());
            Files.move(away, home.root());
            writer.write(UUID.randomUUID(), channel -> {}, Optional.empty(), () -> true, () -> {});
        }
        assertThat(files(home.spool())).isEqualTo(2);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void assertNotThere(ThrowingCallable call) {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(call)
                .withMessageContaining("Strongroom.Home=")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
    }

    private static long files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private void assertRefused(ThrowingCallable call) {
        assertFails(call, FailureKind.REFUSED);
    }

    private void assertUnavailable(ThrowingCallable call) {
        assertFails(call, FailureKind.UNAVAILABLE);
    }

    private static void assertFails(ThrowingCallable call, FailureKind kind) {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(call)
                .withMessageContaining("Strongroom.SpoolMirror=")
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    assertThat(e.cure()).isNotEmpty();
                });
    }
}
