package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.search.EventQuery;
import org.strongroom.sidecar.search.EventSearch;
import org.strongroom.sidecar.search.SearchIndex;
import org.strongroom.sidecar.search.WrittenLog;

class PrunerTest {
    private static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");
    private static final Duration KEEP = Duration.ofDays(2192);
    private static final UUID HELD = UUID.randomUUID();
    private static final Pruner.Reach ALL = () -> Long.MAX_VALUE;

    @TempDir
    Path temporary;

    private Duration pace = Duration.ofSeconds(30);
    private Home home;
    private Path log;

    @BeforeEach
    void make() throws IOException {
        home = new Home(temporary.resolve("home"));
        home.createFolders();
        log = home.audit();
    }

    /** Two a minute. */
    private void write(int count) throws IOException {
        write(BEGIN, count);
    }

    private void write(Instant begin, int count) throws IOException {
        WrittenLog.append(home, begin, pace, count, i -> AuditEvent.of(AuditType.VIEW)
                .by("user-" + i % 3)
                .with("key", i == 700 ? HELD : new UUID(1, i)));
    }

    private Pruner pruner() {
        return new Pruner(log, KEEP, key -> false);
    }

    private Instant after(int events) {
        return BEGIN.plus(KEEP).plus(pace.multipliedBy(events)).plusSeconds(1);
    }

    private void prune(int events) throws IOException {
        Pruner pruner = pruner();
        pruner.prune(pruner.plan(after(events), ALL), this::record, () -> {});
    }

    private void record(AuditEvent event) {
        try {
            WrittenLog.append(home, BEGIN.plus(KEEP), Duration.ZERO, 1, i -> event);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Verdict verify() throws IOException {
        return LogVerification.of(log, log.resolve(CheckpointSigner.PUBLIC), List.of());
    }

    @Test
    void wholeBundlesOfWhatIsOldEnoughGo() throws IOException {
        write(1000);
        assertThat(pruner().plan(after(254), ALL)).isEqualTo(new Pruner.Plan(0, 0, 1000, Pruner.YOUNG));
        assertThat(pruner().plan(after(255), ALL).to()).isEqualTo(256);
        assertThat(pruner().plan(after(600), ALL)).isEqualTo(new Pruner.Plan(0, 512, 1000, Pruner.YOUNG));
        assertThat(pruner().plan(after(9000), ALL)).isEqualTo(new Pruner.Plan(0, 768, 1000, Pruner.LAST));
        assertThat(pruner().plan(after(9000), () -> 767))
                .isEqualTo(new Pruner.Plan(0, 512, 1000, Pruner.NOT_ELSEWHERE));
        assertThat(new Pruner(log, KEEP, HELD::equals).plan(after(9000), ALL))
                .isEqualTo(new Pruner.Plan(0, 512, 1000, Pruner.HELD));
    }

    /** A clock that is years ahead, or a setting that is new on an old log: a month a day, or a bundle where that is more. */
    @Test
    void oneDayTakesNoMoreThanAMonth() throws IOException {
        pace = Duration.ofHours(1);
        write(2000);
        Instant ahead = BEGIN.plus(KEEP.multipliedBy(2));
        assertThat(pruner().plan(ahead, ALL)).isEqualTo(new Pruner.Plan(0, 512, 2000, Pruner.CUT));
        assertThat(pruner().plan(ahead, () -> 512).isCut()).isFalse();
        Pruner pruner = pruner();
        pruner.prune(pruner.plan(ahead, ALL), this::record, () -> {});
        assertThat(pruner.plan(ahead, ALL)).isEqualTo(new Pruner.Plan(512, 1024, 2001, Pruner.CUT));
    }

    @Test
    void aBundleOfManyMonthsGoesWhenAllOfItIsOld() throws IOException {
        pace = Duration.ofDays(1);
        write(600);
        assertThat(pruner().plan(after(254), ALL)).isEqualTo(new Pruner.Plan(0, 0, 600, Pruner.YOUNG));
        assertThat(pruner().plan(after(300), ALL)).isEqualTo(new Pruner.Plan(0, 256, 600, Pruner.YOUNG));
        assertThat(pruner().plan(after(600), ALL)).isEqualTo(new Pruner.Plan(0, 256, 600, Pruner.CUT));
    }

    /** Whoever has the disk writes a number: nothing goes by it, and nothing is signed on top of it. */
    @Test
    void aNumberThatTheLogDoesNotSayTakesNothing() throws IOException {
        write(1000);
        Pruner pruner = pruner();
        Pruner.Plan nothing = pruner.plan(after(1), ALL);
        for (String claim : List.of("512\n", "1024\n", "1048576\n")) {
            Files.writeString(log.resolve(MinimumIndex.FILE), claim);
            assertThatThrownBy(() -> pruner.prune(nothing, this::record, () -> {}))
                    .as(claim)
                    .hasMessageContaining("does not say");
            assertThatThrownBy(() -> pruner().plan(after(9000), ALL)).hasMessageContaining("does not say");
            assertThat(names("tile/entries")).hasSize(4);
        }
        Files.delete(log.resolve(MinimumIndex.FILE));
        prune(300);
        Files.writeString(log.resolve(MinimumIndex.FILE), "768\n");
        assertThatThrownBy(() -> pruner.prune(nothing, this::record, () -> {})).hasMessageContaining("does not say");
        assertThat(names("tile/entries")).containsExactly("001", "002", "003.p");
        Files.writeString(log.resolve(MinimumIndex.FILE), "256\n");
        assertThat(pruner.plan(after(600), ALL).from()).as("what the log says").isEqualTo(256);
    }

    /** The log's writer was killed between its checkpoint and the removal of what the full files make needless. */
    @Test
    void whatAKillLeftBesideAFullBundleGoesWithIt() throws IOException {
        write(1000);
        for (String left : List.of("tile/entries/000.p", "tile/0/000.p")) {
            Files.createDirectories(log.resolve(left));
            Files.write(log.resolve(left).resolve("7"), new byte[] {1});
        }
        prune(300);
        assertThat(names("tile/entries")).containsExactly("001", "002", "003.p");
        assertThat(names("tile/0")).containsExactly("001", "002", "003.p");
    }

    @Test
    void whatIsLeftIsVerifiedFoundAndProved() throws IOException {
        write(1000);
        InclusionProof before = new LogReader(log).prove(600);
        Path seen = Files.copy(log.resolve(AuditLog.CHECKPOINT), temporary.resolve("seen"));
        prune(600);
        assertThat(names("tile/entries")).containsExactly("002", "003.p");
        assertThat(names("tile/0")).containsExactly("002", "003.p");
        assertThat(verify()).isEqualTo(Verdict.good(1001));
        assertThat(LogVerification.of(log, log.resolve(CheckpointSigner.PUBLIC), List.of(seen)))
                .isEqualTo(Verdict.good(1001));
        LogReader reader = new LogReader(log);
        assertThat(reader.first()).isEqualTo(512);
        assertThat(reader.prove(600).entry()).isEqualTo(before.entry());
        assertThatThrownBy(() -> reader.from(511)).isInstanceOf(StrongroomException.class);
        assertThat(indexes()).startsWith(512L).hasSize(489);
        assertThat(entry(1000).event().details())
                .containsEntry("minimum", "512")
                .containsEntry("from", "0");
        write(BEGIN.plus(KEEP), 300);
        Files.delete(log.resolve(Series.FILE));
        write(BEGIN.plus(KEEP), 1);
        assertThat(verify()).as("it goes on").isEqualTo(Verdict.good(1302));
        prune(800);
        assertThat(reader.first()).isEqualTo(768);
        assertThat(verify()).isEqualTo(Verdict.good(1303));
    }

    /** Level 1 has a full tile, which goes when all that is under it has gone; an index of before finds only what is kept. */
    @Test
    void tilesAboveGoWithWhatIsUnderThem() throws IOException {
        write(66_000);
        SearchIndex index = new SearchIndex(log);
        while (index.step()) {
            // until it has everything
        }
        prune(600);
        List<Long> found = new ArrayList<>();
        EventSearch.indexed(log).run(EventQuery.ALL.by("user-1"), hits(found));
        assertThat(found.get(0)).isEqualTo(514);
        assertThat(found.size()).isEqualTo(21_829);
        prune(65_800);
        assertThat(new LogReader(log).first()).isEqualTo(65_792);
        assertThat(names("tile/1")).containsExactly("001.p");
        assertThat(verify()).isEqualTo(Verdict.good(66_002));
        assertThat(indexes().get(0)).isEqualTo(65_792);
        Files.delete(log.resolve("search.db"));
        while (index.step()) {
            // anew
        }
        assertThat(indexes().get(0)).isEqualTo(65_792);
        assertThat(indexes().size()).isEqualTo(210);
    }

    @Test
    void whoTakesEntriesAwayIsSeenAllTheSame() throws IOException {
        write(1000);
        Path whole = copy("whole");
        for (int bundle = 0; bundle < 2; bundle++) {
            Files.delete(log.resolve("tile/entries/00" + bundle));
            Files.delete(log.resolve("tile/0/00" + bundle));
        }
        assertThat(verify().firstBad()).as("no word of it").isZero();
        Files.writeString(log.resolve(MinimumIndex.FILE), "512\n");
        assertThat(verify()).as("nobody signed it").isEqualTo(Verdict.bad(1000, 0L, LogVerification.MISSING));
        for (String claim : List.of("", "0x200\n", "-256\n", "500\n", "1024\n", "99999999999999999999\n")) {
            Files.writeString(log.resolve(MinimumIndex.FILE), claim);
            assertThat(verify().ok()).as(claim).isFalse();
        }
        log = whole;
        home = new Home(whole.getParent());
        prune(300);
        assertThat(verify().ok()).isTrue();
        Files.writeString(log.resolve(MinimumIndex.FILE), "512\n");
        assertThat(verify().firstBad()).as("more than was signed").isZero();
        Files.writeString(log.resolve(MinimumIndex.FILE), "256\n");
        Path bundle = log.resolve("tile/entries/001");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[40] ^= 1;
        Files.write(bundle, bytes);
        assertThat(verify().firstBad()).isEqualTo(256);
        bytes[40] ^= 1;
        Files.write(bundle, bytes);
        Path above = log.resolve("tile/1/000.p/3");
        byte[] hashes = Files.readAllBytes(above);
        hashes[3] ^= 1; // of what is pruned
        Files.write(above, hashes);
        assertThat(verify().ok()).isFalse();
    }

    /** Killed when the event was there, when the number was, and between two files. */
    @Test
    void aKillLeavesALogThatIsWholeAndGoesOn() throws IOException {
        write(1000);
        Pruner pruner = pruner();
        Pruner.Plan plan = pruner.plan(after(9000), ALL);
        assertThatThrownBy(() -> pruner.prune(plan, this::record, () -> {
                    throw new IOException("killed");
                }))
                .hasMessage("killed");
        assertThat(verify()).isEqualTo(Verdict.good(1001));
        Files.writeString(log.resolve(MinimumIndex.FILE), "768\n");
        Files.delete(log.resolve("tile/entries/000"));
        Files.delete(log.resolve("tile/0/000"));
        Files.delete(log.resolve("tile/entries/001"));
        assertThat(verify()).isEqualTo(Verdict.good(1001));
        prune(9000);
        assertThat(names("tile/entries")).containsExactly("003.p");
        assertThat(names("tile/0")).containsExactly("003.p");
        assertThat(verify()).isEqualTo(Verdict.good(1001));
    }

    @Test
    void nothingGoesBeforeTheLogSaysSo() throws IOException {
        write(1000);
        Pruner pruner = pruner();
        Pruner.Plan plan = pruner.plan(after(9000), ALL);
        assertThatThrownBy(() -> pruner.prune(plan, event -> {}, () -> {})).isInstanceOf(StrongroomException.class);
        assertThat(names("tile/entries")).hasSize(4);
        assertThat(log.resolve(MinimumIndex.FILE)).doesNotExist();
    }

    @Test
    void theEndOfAPathIsWhatItCovers() {
        assertThat(TilePath.end("tile/entries/000")).isEqualTo(256);
        assertThat(TilePath.end("tile/0/x001/234")).isEqualTo(1235L * 256);
        assertThat(TilePath.end("tile/2/001")).isEqualTo(2L << 24);
        for (String other : List.of("tile/0/000.p/3", "tile/7/999", "checkpoint", "tile/entries/x000", "tile/8/000")) {
            assertThat(TilePath.end(other)).as(other).isEqualTo(Long.MAX_VALUE);
        }
    }

    private AuditEntry entry(long index) throws IOException {
        return new LogReader(log).from(index).get(0).entry();
    }

    private List<Long> indexes() throws IOException {
        List<Long> found = new ArrayList<>();
        EventSearch.indexed(log).run(EventQuery.ALL, hits(found));
        return found;
    }

    private static EventSearch.Hits hits(List<Long> found) {
        return new EventSearch.Hits() {
            @Override
            public boolean found(LogEntry stored, AuditEntry entry) {
                return found.add(stored.index());
            }

            @Override
            public void unreadable(long index) {
                throw new IllegalStateException("entry " + index);
            }
        };
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(log.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path copy(String name) throws IOException {
        Path to = temporary.resolve(name);
        try (Stream<Path> files = Files.walk(home.root())) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(home.root().relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return to.resolve(home.root().relativize(log));
    }
}
