package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.format.v1.Sha256;

class WiderTileTest {
    private static final List<byte[]> ENTRIES = Stream.of("one", "two", "three", "four")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();
    private static final List<Sha256> HASHES =
            ENTRIES.stream().map(Merkle::leaf).toList();

    @TempDir
    Path log;

    @Test
    void aPartialOneIsTheBeginningOfTheWiderOne() throws IOException {
        write("tile/entries/000.p/3", Tiles.bundle(ENTRIES.subList(0, 3)));
        write("tile/entries/000.p/4", new byte[] {0, 1});
        write("tile/0/x001/234.p/4", Tiles.tile(HASHES));

        assertThat(read("tile/entries/000.p/2")).hasValue(Tiles.bundle(ENTRIES.subList(0, 2)));
        assertThat(read("tile/entries/000.p/3")).hasValue(Tiles.bundle(ENTRIES.subList(0, 3)));
        assertThat(read("tile/0/x001/234.p/1")).hasValue(Tiles.tile(HASHES.subList(0, 1)));
        assertThat(read("tile/0/x001/234.p/4")).hasValue(Tiles.tile(HASHES));
    }

    @Test
    void whatIsNotInItIsNotThere() throws IOException {
        write("tile/0/000.p/4", Arrays.copyOf(Tiles.tile(HASHES), 40));
        write("tile/0/000.p/200.part", Tiles.tile(HASHES));

        assertThat(read("tile/0/000.p/2")).as("it was cut").hasValue(Arrays.copyOf(Tiles.tile(HASHES), 40));
        for (String path : List.of("tile/0/000.p/5", "tile/0/000", "tile/1/000.p/1", "checkpoint")) {
            assertThat(read(path)).as(path).isEmpty();
        }
    }

    private Optional<byte[]> read(String path) throws IOException {
        return Tiles.in(log).read(path);
    }

    private void write(String path, byte[] content) throws IOException {
        Path file = log.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
