package org.strongroom.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class DiskFailuresTest {
    @TempDir
    Path folder;

    @Test
    void theDiskOfANamedFolderIsFullOrMayNotBeWrittenAndIsNotHome() {
        StrongroomException full =
                DiskFailures.ofNamed("--to", folder, new IOException("No space left on device"), "not written");
        assertThat(full.kind()).isEqualTo(FailureKind.FULL);
        assertThat(full.cure()).contains("Make room", "run the same command again");
        StrongroomException refused =
                DiskFailures.ofNamed("--to", folder, new AccessDeniedException(folder.toString()), "not written");
        assertThat(refused.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(refused.context()).containsEntry("--to", folder.toString());
        assertThat(refused.cure() + full.cure()).doesNotContain("Home");
    }
}
