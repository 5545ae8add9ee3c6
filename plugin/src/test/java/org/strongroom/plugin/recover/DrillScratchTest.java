package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;

class DrillScratchTest {
    private static final UUID INSTALLATION = UUID.randomUUID();

    @TempDir
    private Path folder;

    private Home home;
    private Path parent;

    @BeforeEach
    void make() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        parent = Files.createDirectories(folder.resolve("disk"));
    }

    private DrillScratch scratch(Path in) throws IOException {
        return DrillScratch.make(home, INSTALLATION, in, List.of(folder.resolve("tier")));
    }

    /** As a kill -9 leaves it: nothing was closed, and the lock went with the process. */
    private Path killed(UUID installation) throws IOException {
        Path left = Files.createDirectories(parent.resolve(DrillScratch.NAME));
        Files.writeString(
                left.resolve("made-by-strongroom-drill"), "Trial recovery of installation " + installation + "\n");
        Files.createDirectories(left.resolve("orthanc"));
        Files.writeString(left.resolve("orthanc/index"), "in clear");
        Files.writeString(home.drillLock(), left.toString());
        return left;
    }

    @Test
    void goesWithAllThatIsInItAndNobodyElseReadsIt() throws IOException {
        try (DrillScratch scratch = scratch(parent)) {
            Files.createDirectories(scratch.home().keyring());
            Files.writeString(scratch.home().keyring().resolve("root.json"), "{}");
            assertThat(Files.getPosixFilePermissions(scratch.folder()))
                    .containsExactlyInAnyOrder(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE);
            assertThatThrownBy(() -> scratch(parent)).isInstanceOf(Exception.class);
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void whatAKilledOneLeftGoesWhereverTheNextOneIs() throws IOException {
        Path left = killed(INSTALLATION);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        scratch(elsewhere).close();
        assertThat(left).doesNotExist();

        killed(INSTALLATION);
        DrillScratch.sweep(home, INSTALLATION);
        assertThat(left).doesNotExist();
        assertThat(home.drillLock()).isEmptyFile();
    }

    @Test
    void nothingElseIsDeleted() throws IOException {
        Path others = killed(UUID.randomUUID());
        assertThatThrownBy(() -> scratch(parent)).hasMessageContaining("no drill made it");
        DrillScratch.sweep(home, INSTALLATION);
        assertThat(others.resolve("orthanc/index")).hasContent("in clear");

        // A link in what is deleted is not followed.
        Path left = Files.createDirectories(folder.resolve("again").resolve(DrillScratch.NAME));
        Files.writeString(
                left.resolve("made-by-strongroom-drill"), "Trial recovery of installation " + INSTALLATION + "\n");
        Files.createSymbolicLink(left.resolve("link"), others);
        scratch(left.getParent()).close();
        assertThat(others.resolve("orthanc/index")).hasContent("in clear");
        assertThat(left).doesNotExist();

        // Nor one in the place of the folder.
        Files.createSymbolicLink(left, others);
        assertThatThrownBy(() -> scratch(left.getParent())).hasMessageContaining("no drill made it");
        assertThat(others.resolve("orthanc/index")).exists();
    }

    @Test
    void nothingIsWrittenIntoATierAlsoNotByALink() throws IOException {
        Path tier = Files.createDirectories(folder.resolve("tier").resolve("deep"));
        assertThatThrownBy(() -> scratch(tier)).hasMessageContaining("writes nothing there");
        Path link = Files.createSymbolicLink(folder.resolve("link"), tier);
        assertThatThrownBy(() -> scratch(link)).hasMessageContaining("writes nothing there");
        assertThat(tier).isEmptyDirectory();
    }
}
