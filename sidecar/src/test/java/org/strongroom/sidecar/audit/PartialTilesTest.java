package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialTilesTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Instant SOON = NOW.plus(PartialTiles.READERS.dividedBy(2));
    private static final Instant LATER = NOW.plus(PartialTiles.READERS);

    @TempDir
    Path log;

    private AuditLog writer;

    @BeforeEach
    void open() throws IOException {
        writer = AuditLog.open(log, new UUID(1, 2));
    }

    @Test
    void aNarrowerOneGoesWhenTheWiderOneIsAMinuteOld() throws IOException {
        append(3, NOW);
        append(2, NOW);
        append(1, SOON);
        tidy(SOON);
        assertThat(files()).contains("tile/0/000.p/3", "tile/0/000.p/5", "tile/entries/000.p/3");
        tidy(LATER);
        assertThat(files())
                .contains("tile/0/000.p/5", "tile/entries/000.p/5")
                .doesNotContain("tile/0/000.p/3", "tile/entries/000.p/3");
        tidy(LATER.plus(PartialTiles.READERS));
        assertThat(files()).containsExactly("tile/0/000.p/6", "tile/entries/000.p/6");
    }

    @Test
    void whatAFullOneReplacesGoesAlsoAfterAKill() throws IOException {
        append(250, NOW);
        append(10, NOW);
        tidy(SOON);
        assertThat(files()).contains("tile/0/000.p/250", "tile/entries/000.p/250");
        tidy(LATER);
        assertThat(files())
                .containsExactly(
                        "tile/0/000", "tile/0/001.p/4", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/4");
    }

    /** It would be taken for a wider one of what was signed since. */
    @Test
    void whatNobodySignedGoesAtOnceAndWhatIsSignedStays() throws IOException {
        append(3, NOW);
        Path unsigned = Files.write(log.resolve("tile/0/000.p/4"), new byte[4 * 32]);
        tidy(NOW);
        assertThat(unsigned).doesNotExist();
        Path signed = log.resolve("tile/0/000.p/3");
        Files.move(signed, unsigned);
        tidy(LATER);
        assertThat(unsigned).as("all that there is").exists();
    }

    @Test
    void aNarrowerOneThatIsNotTheBeginningIsFound() throws IOException {
        append(3, NOW);
        append(2, NOW);
        assertThat(PartialTiles.firstAltered(log, 5)).isEmpty();
        for (String file : List.of("tile/0/000.p/3", "tile/entries/000.p/3")) {
            byte[] bytes = Files.readAllBytes(log.resolve(file));
            byte[] altered = bytes.clone();
            altered[bytes.length / 2] ^= 1; // of the second of three
            Files.write(log.resolve(file), altered);
            assertThat(PartialTiles.firstAltered(log, 5)).as(file).hasValue(1);
            Files.write(log.resolve(file), new byte[0]);
            assertThat(PartialTiles.firstAltered(log, 5)).as(file).hasValue(0);
            Files.write(log.resolve(file), bytes);
        }
        assertThat(PartialTiles.firstAltered(log, 5)).isEmpty();
    }

    private void tidy(Instant now) throws IOException {
        PartialTiles.tidy(log, writer.size(), now);
    }

    /** At a time that the disk is told. */
    private void append(int count, Instant at) throws IOException {
        List<String> before = files();
        writer.append(IntStream.range(0, count)
                .mapToObj(i -> "an event".getBytes(StandardCharsets.UTF_8))
                .toList());
        for (String file : files()) {
            if (!before.contains(file)) {
                Files.setLastModifiedTime(log.resolve(file), FileTime.from(at));
            }
        }
    }

    private List<String> files() throws IOException {
        Path tiles = log.resolve("tile");
        if (!Files.exists(tiles)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(tiles)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> log.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
