package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TilesTest {
    @TempDir
    Path folder;

    @Test
    void somethingElseInItsPlaceIsNoFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThat(Tiles.file(file)).isPresent();
        assertThat(Tiles.file(file.resolve("tile/0/000"))).isEmpty();
        assertThat(Tiles.file(folder.resolve("absent/0/000"))).isEmpty();
        assertThat(Tiles.file(loop)).isEmpty();
    }

    /** A disk that fails says so of the folder too: neither is a file missing then, nor has anybody altered the log. */
    @Test
    void aFileThatCannotBeLookedForIsNotAbsent() throws IOException {
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThatThrownBy(() -> Tiles.file(loop.resolve("tile/0/000"))).isInstanceOf(FileSystemException.class);
        Path longer = folder.resolve("x".repeat(256)); // than any name can be: nothing below it can be looked at
        assertThatThrownBy(() -> Tiles.file(longer.resolve("tile/0/000"))).isInstanceOf(FileSystemException.class);
    }
}
