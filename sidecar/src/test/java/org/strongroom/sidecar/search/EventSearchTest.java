package org.strongroom.sidecar.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.audit.LogEntry;

/** A log of two whole blocks and something behind them: one search in the index and one without it find the same. */
class EventSearchTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final int EVENTS = 2 * Postings.BLOCK + 700;
    private static final int RARE = 10_007;
    private static final int EXPORTS = 6_000;
    /** What the disk did not take when it happened, a thousand seconds before the first event. */
    private static final int LATER = 9_001;

    private static final Instant HAPPENED = NOON.minusSeconds(1_000);
    private static final String RARE_KEY = "0f0e0d0c-0b0a-4908-8706-050403020100";

    @TempDir
    Path folder;

    private Home home;
    private Path log;

    @TempDir
    static Path once;

    @BeforeAll
    static void write() throws IOException {
        WrittenLog.append(new Home(once), NOON, Duration.ofSeconds(1), EVENTS, EventSearchTest::event);
    }

    @BeforeEach
    void copy() throws IOException {
        home = new Home(folder);
        log = home.audit();
        try (Stream<Path> all = Files.walk(once)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(once.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /** Three of four are views; every hundredth is refused, nearly each study has few events, and a few are about all of them. */
    private static AuditEvent event(int i) {
        if (i % EXPORTS == 1) {
            return AuditEvent.of(AuditType.EXPORT).by(AuditEvent.COMMAND_LINE).with("what", "all");
        }
        AuditType type = i % 4 == 3 ? AuditType.ARRIVAL : AuditType.VIEW;
        AuditEvent event = AuditEvent.of(type)
                .by("user" + i % 7)
                .ofTenant(i % 2 == 0 ? "clinic" : "praxis")
                .with("key", i == RARE ? RARE_KEY : key(i / 40));
        if (i == LATER) {
            return event.with("happened", HAPPENED);
        }
        return i % 100 == 99 ? event.refused("no right to it") : event;
    }

    private static String key(int study) {
        return "00000000-0000-4000-8000-" + (100_000_000_000L + study);
    }

    /** What is about a study, or about everything. */
    private static final EventQuery ABOUT_EACH = new EventQuery(
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(RARE_KEY),
            true,
            Optional.empty(),
            Optional.empty(),
            Map.of());

    private static final EventQuery WHILE_THE_DISK_WAS_FULL =
            EventQuery.ALL.between(Optional.of(HAPPENED), Optional.of(NOON));

    private static List<EventQuery> queries() {
        String often = key(300);
        Optional<Instant> from = Optional.of(NOON.plusSeconds(8_000));
        Optional<Instant> to = Optional.of(NOON.plusSeconds(8_500));
        return List.of(
                EventQuery.ALL,
                EventQuery.ALL.by("user3"),
                EventQuery.ALL.by("nobody"),
                EventQuery.ALL.about(Set.of(RARE_KEY)),
                EventQuery.ALL.about(Set.of(RARE_KEY, often)),
                ABOUT_EACH,
                EventQuery.ALL.with("key", often),
                EventQuery.ALL.of(Set.of(AuditType.ARRIVAL)).by("user5"),
                EventQuery.ALL.of(Set.of(AuditType.ARRIVAL, AuditType.DELETE)).between(from, to),
                EventQuery.ALL.between(Optional.of(NOON.plusSeconds(EVENTS - 3)), Optional.empty()),
                WHILE_THE_DISK_WAS_FULL,
                new EventQuery(
                        Set.of("user1", "user2"),
                        Set.of("praxis"),
                        Set.of(),
                        Set.of(AuditOutcome.REFUSED),
                        Set.of(),
                        false,
                        from,
                        Optional.empty(),
                        Map.of()));
    }

    @Test
    void theIndexFindsWhatReadingEverythingFinds() throws IOException {
        for (int blocks = 0; blocks <= 2; blocks++) {
            for (EventQuery query : queries()) {
                assertThat(indexed(query))
                        .as("%d blocks, %s", blocks, query)
                        .isEqualTo(found(EventSearch.ofEverything(log), query));
            }
            assertThat(new SearchIndex(log).step()).as("more after %d", blocks).isEqualTo(blocks == 0);
        }
        assertThat(indexed(EventQuery.ALL)).hasSize(EVENTS);
        assertThat(indexed(WHILE_THE_DISK_WAS_FULL)).containsExactly((long) LATER);
        assertThat(indexed(EventQuery.ALL.about(Set.of(RARE_KEY)))).containsExactly((long) RARE);
        assertThat(indexed(ABOUT_EACH)).contains((long) RARE, 1L, EXPORTS + 1L).hasSize((EVENTS - 2) / EXPORTS + 2);
    }

    @Test
    void onlyWhatTheIndexNamesIsRead() throws IOException {
        build();
        Files.delete(log.resolve("tile/entries/000"));
        assertThat(indexed(EventQuery.ALL.about(Set.of(RARE_KEY)))).containsExactly((long) RARE);
        assertThatThrownBy(() -> found(EventSearch.ofEverything(log), EventQuery.ALL.about(Set.of(RARE_KEY))))
                .isInstanceOf(StrongroomException.class);
    }

    @Test
    void whoHasEnoughIsToldNoMore() throws IOException {
        build();
        List<Long> some = new ArrayList<>();
        EventSearch.indexed(log).run(EventQuery.ALL.by("user0"), new Collected(some, new ArrayList<>(), 3));
        assertThat(some).containsExactly(0L, 7L, 14L);
    }

    @Test
    void anIndexThatIsNoneIsNotBelievedAndMadeAnew() throws IOException {
        build();
        byte[] good = Files.readAllBytes(IndexFile.in(log));
        Files.writeString(IndexFile.in(log), "This is no index. ".repeat(1_000));
        assertThat(indexed(EventQuery.ALL.about(Set.of(RARE_KEY)))).containsExactly((long) RARE);
        build();
        assertThat(Files.size(IndexFile.in(log))).isEqualTo(good.length);
        onlyWhatTheIndexNamesIsRead();
    }

    /** Whoever changes the index can hide events, and stops nobody. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO blocks VALUES (-1, 0, 9999999999999)",
                "INSERT INTO blocks VALUES (2147483647, 0, 9999999999999)",
                "UPDATE postings SET entries = 'none'",
                "DROP TABLE postings"
            })
    void aChangedIndexStopsNoSearch(String change) throws Exception {
        build();
        try (Connection connection = IndexFile.connect(IndexFile.in(log), false);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(change);
        }
        assertThat(indexed(EventQuery.ALL.about(Set.of(RARE_KEY)))).containsExactly((long) RARE);
        assertThat(indexed(EventQuery.ALL)).hasSize(EVENTS);
        build();
        assertThat(indexed(EventQuery.ALL.about(Set.of(RARE_KEY)))).containsExactly((long) RARE);
    }

    @Test
    void theIndexOfAnotherLogIsNotUsedAndMadeAnew() throws IOException {
        build();
        Path index = Files.move(IndexFile.in(log), folder.resolve("index"));
        try (Stream<Path> all = Files.walk(log)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        WrittenLog.append(home, NOON, Duration.ofSeconds(1), EVENTS, i -> event(i).by("anna"));
        Files.move(index, IndexFile.in(log));
        assertThat(indexed(EventQuery.ALL.by("anna"))).hasSize(EVENTS);
        build();
        assertThat(indexed(EventQuery.ALL.by("anna"))).hasSize(EVENTS);
        Files.delete(log.resolve("tile/entries/000"));
        assertThat(indexed(EventQuery.ALL.about(Set.of(RARE_KEY)))).containsExactly((long) RARE);
    }

    /** Somebody brings an older copy of the same log back. */
    @Test
    void anIndexThatKnowsMoreThanTheLogDoesNoHarm() throws IOException {
        Home older = new Home(folder.resolve("older"));
        WrittenLog.append(older, NOON, Duration.ofSeconds(1), Postings.BLOCK + 5, EventSearchTest::event);
        WrittenLog.append(older, NOON, Duration.ofSeconds(1), Postings.BLOCK, EventSearchTest::event);
        new SearchIndex(older.audit()).step();
        new SearchIndex(older.audit()).step();
        Home brought = new Home(folder.resolve("brought"));
        Files.createDirectories(brought.audit());
        Files.copy(older.audit().resolve("signing.key"), brought.audit().resolve("signing.key"));
        Files.copy(older.audit().resolve("key.pub"), brought.audit().resolve("key.pub"));
        WrittenLog.append(brought, NOON, Duration.ofSeconds(1), Postings.BLOCK + 5, EventSearchTest::event);
        Files.copy(IndexFile.in(older.audit()), IndexFile.in(brought.audit()));
        assertThat(found(EventSearch.indexed(brought.audit()), EventQuery.ALL)).hasSize(Postings.BLOCK + 5);
        assertThat(new SearchIndex(brought.audit()).step()).as("made anew").isTrue();
        assertThat(new SearchIndex(brought.audit()).step()).isFalse();
        assertThat(found(EventSearch.indexed(brought.audit()), EventQuery.ALL)).hasSize(Postings.BLOCK + 5);
    }

    @Test
    void whatThisVersionCannotReadIsToldInEverySearch() throws IOException {
        Path bundle = log.resolve("tile/entries/001");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[2] = '!'; // the first entry's brace
        Files.write(bundle, bytes);
        for (int i = 0; i < 2; i++) {
            List<Long> unreadable = new ArrayList<>();
            EventSearch.indexed(log)
                    .run(EventQuery.ALL.about(Set.of(RARE_KEY)), new Collected(new ArrayList<>(), unreadable, EVENTS));
            assertThat(unreadable).containsExactly(256L);
            build();
        }
    }

    private void build() throws IOException {
        SearchIndex index = new SearchIndex(log);
        while (index.step()) {
            // until it has all
        }
    }

    private List<Long> indexed(EventQuery query) throws IOException {
        return found(EventSearch.indexed(log), query);
    }

    private static List<Long> found(EventSearch search, EventQuery query) throws IOException {
        List<Long> found = new ArrayList<>();
        List<Long> unreadable = new ArrayList<>();
        search.run(query, new Collected(found, unreadable, EVENTS + 1));
        assertThat(unreadable).isEmpty();
        assertThat(found)
                .isEqualTo(LongStream.of(found.stream()
                                .mapToLong(Long::longValue)
                                .sorted()
                                .toArray())
                        .boxed()
                        .toList());
        return found;
    }

    private record Collected(List<Long> found, List<Long> unreadable, int most) implements EventSearch.Hits {
        @Override
        public boolean found(LogEntry stored, AuditEntry entry) {
            found.add(stored.index());
            return found.size() < most;
        }

        @Override
        public void unreadable(long index) {
            unreadable.add(index);
        }
    }

    @Test
    void whatHappenedUnderTheKeysThatAStudyHadBeforeIsAboutItToo() throws IOException {
        String first = key(100_001);
        String second = key(100_002);
        String third = key(100_003);
        Map<String, String> moves = Map.of(second, first, third, second);
        WrittenLog.append(home, NOON.plus(Duration.ofDays(1)), Duration.ofSeconds(1), 4, i -> {
            String to = i % 2 == 0 ? second : third;
            AuditEvent event =
                    AuditEvent.of(i < 2 ? AuditType.KEY : AuditType.ARRIVAL).with("key", to);
            return event.with("step", "resealed").with("former", moves.get(to));
        });
        for (EventSearch search : List.of(EventSearch.indexed(log), EventSearch.ofEverything(log))) {
            assertThat(search.withFormer(Map.of(third, "1.2.3")))
                    .isEqualTo(Map.of(third, "1.2.3", second, "1.2.3", first, "1.2.3"));
            assertThat(search.withFormer(Map.of(first, "1.2.3"))).isEqualTo(Map.of(first, "1.2.3"));
        }
    }
}
