package org.strongroom.tests.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.tier.DirectoryTier;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Scratch;

/** A directory tier on a small disk of its own that fills up, turns read-only and is unmounted. Needs the right to mount. */
class DirectoryTierIT {
    private static final byte[] MARKER = {1};

    private final Scratch scratch = new Scratch();
    private final Path disk = scratch.folder("disk");
    private final DirectoryTier tier = new DirectoryTier("offsite", disk);
    private boolean mounted;

    @BeforeEach
    void mount() {
        mounted = Command.of("mount", "-t", "tmpfs", "-o", "size=4m", "strongroom-test", disk)
                        .run()
                        .status()
                == 0;
        assumeThat(mounted).as("this user may mount").isTrue();
        tier.put("tier.id", MARKER);
    }

    @AfterEach
    void unmount() {
        if (mounted) {
            Command.of("umount", disk).run().orFail();
        }
        scratch.close();
    }

    @Test
    void aFullDiskIsFullAndHoldsNothingHalf() throws Exception {
        byte[] large = new byte[3 << 20];
        tier.put("packs/first", large);
        assertFails(FailureKind.FULL, () -> tier.put("packs/second", large));
        assertThat(tier.head("packs/second")).isEmpty();
        assertFails(FailureKind.FULL, () -> tier.begin("packs/second", large.length));

        String upload = tier.begin("packs/third", 1 << 19);
        tier.put("packs/filler", new byte[400 << 10]);
        byte[] md5 = java.security.MessageDigest.getInstance("MD5").digest(new byte[1 << 19]);
        ByteSource part = ByteSource.of(new byte[1 << 19]);
        tier.put("packs/more", new byte[200 << 10]);
        assertFails(FailureKind.FULL, () -> tier.part("packs/third", upload, 1, 0, part, md5));
        assertThat(tier.parts("packs/third", upload).orElseThrow()).isEmpty();

        tier.delete("packs/first");
        var receipt = tier.part("packs/third", upload, 1, 0, part, md5);
        tier.complete("packs/third", upload, java.util.List.of(receipt));
        assertThat(tier.head("packs/third")).isPresent();
    }

    @Test
    void aReadOnlyDiskRefusesWrites() {
        Command.of("mount", "-o", "remount,ro", disk).run().orFail();
        assertFails(FailureKind.REFUSED, () -> tier.put("packs/a", MARKER));
        assertFails(FailureKind.REFUSED, () -> tier.delete("tier.id"));
        assertThat(tier.head("tier.id")).isPresent();
    }

    @Test
    void anUnmountedDiskIsNoEmptyTier() {
        tier.put("packs/a", MARKER);
        Command.of("umount", disk).run().orFail();
        mounted = false;
        assertFails(FailureKind.UNAVAILABLE, () -> tier.head("packs/a"));
        assertFails(FailureKind.UNAVAILABLE, () -> tier.put("packs/b", MARKER));
        assertThat(disk).isEmptyDirectory();
    }

    @Test
    void anotherDiskIsAnotherFileSystem() {
        assertThat(tier.sharesFileSystemWith(scratch.path())).isFalse();
        assertThat(tier.sharesFileSystemWith(disk.resolve("home"))).isTrue();
    }

    private static void assertFails(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .as(e.getMessage())
                .isEqualTo(kind));
    }
}
