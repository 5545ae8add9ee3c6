package org.strongroom.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
    @TempDir
    Path folder;

    @Test
    void isThatOfTheFileSystem() throws IOException {
        DiskSpace space = DiskSpace.of(folder);

        assertThat(space.total()).isEqualTo(Files.getFileStore(folder).getTotalSpace());
        assertThat(space.usable()).isBetween(0L, space.total());
    }

    @Test
    void isNotInvented() {
        assertThatIOException().isThrownBy(() -> DiskSpace.of(folder.resolve("none")));
    }

    @Test
    void whatIsNotThereYetWouldBeOnTheDiskOfTheFolderAbove() throws IOException {
        Path later = folder.resolve("not").resolve("yet");
        assertThat(DiskSpace.around(later).total())
                .isEqualTo(DiskSpace.of(folder).total());
    }
}
