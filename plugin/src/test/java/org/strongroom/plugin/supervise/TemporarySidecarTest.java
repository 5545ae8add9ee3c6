package org.strongroom.plugin.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.Sleeper;

/** Processes that end at once, in a sidecar's place. */
class TemporarySidecarTest {
    private static final Sleeper SHORT = ignored -> Sleeper.SYSTEM.sleep(Duration.ofMillis(50));

    @TempDir
    Path folder;

    /** @param ends exit statuses of the first process, the second, …; a later one ends with the last */
    private long startsUntilGivenUp(String ends) throws IOException {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path starts = folder.resolve("starts");
        Path java = Files.writeString(
                folder.resolve("java"),
                "#!/bin/sh\necho >> " + starts + "\nset -- " + ends + "\nshift $(($(wc -l < " + starts
                        + ") - 1))\nexit $1\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> TemporarySidecar.start(home, new SidecarCommand(java, folder, folder, "64m"), SHORT))
                .isInstanceOf(StrongroomException.class)
                .hasMessageContaining("does not answer");
        return Files.size(starts);
    }

    @Test
    void whileAnotherOneStillEndsItIsTriedAgain() throws IOException {
        assertThat(startsUntilGivenUp("3 3 1")).isEqualTo(3);
    }

    @Test
    void oneThatFailsIsNotTriedAgain() throws IOException {
        assertThat(startsUntilGivenUp("1 1")).isEqualTo(1);
    }
}
