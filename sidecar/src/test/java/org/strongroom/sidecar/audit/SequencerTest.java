package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;

class SequencerTest {
    private static final UUID INSTALLATION = UUID.fromString("11111111-2222-3333-4444-555555555555");
    private static final AuditRules RULES =
            new AuditRules(100, Duration.ofMinutes(1), Duration.ofMinutes(4), Duration.ofHours(1));

    @TempDir
    Path temporary;

    private Home home;
    private Duration passed = Duration.ZERO;
    private int recorded;

    @BeforeEach
    void makeHome() throws IOException {
        home = new Home(temporary.resolve("home"));
        home.createFolders();
    }

    @Test
    void whatIsRecordedIsInTheLogOnceAndInOrder() throws Exception {
        Sequencer sequencer = sequencer(home);
        record(home.pendingAudit(), 300);
        record(home.pendingAuditOfSidecar(), 5);
        record(home.pendingAudit(), 700);
        sequencer.flush();
        assertThat(sequencer.size()).isEqualTo(1005);
        assertThat(events(home, home.pendingAudit())).isEqualTo(numbers(1, 300, 306, 1005));
        assertThat(events(home, home.pendingAuditOfSidecar())).isEqualTo(numbers(301, 305));
        assertThat(gaps(home)).isEmpty();
        assertThat(verdict(home)).isEqualTo(Verdict.good(1005));
        assertThat(names(home.pendingAudit())).containsExactly("00000002.pending");
    }

    @Test
    void whatCommandsRecordIsInTheLogToo() throws Exception {
        Sequencer sequencer = sequencer(home);
        record(home.pendingAuditOfCommands(), 2);
        sequencer.flush();
        assertThat(events(home, home.pendingAuditOfCommands())).isEqualTo(numbers(1, 2));
        assertThat(gaps(home)).isEmpty();
    }

    @Test
    void aCheckpointComesAfterManyEventsOrSomeTime() throws Exception {
        Sequencer sequencer = sequencer(home);
        record(home.pendingAudit(), 99);
        sequencer.step();
        assertThat(sequencer.size()).isZero();
        record(home.pendingAudit(), 1);
        sequencer.step();
        assertThat(sequencer.size()).isEqualTo(100);
        record(home.pendingAudit(), 1);
        sequencer.step();
        passed = passed.plusSeconds(59);
        sequencer.step();
        assertThat(sequencer.size()).isEqualTo(100);
        passed = passed.plusSeconds(1);
        sequencer.step();
        assertThat(sequencer.size()).isEqualTo(101);
    }

    /**
     * A kill leaves some of the files that a checkpoint writes before itself, or all of them and some of what it does afterwards. The
     * new life has every event once, whichever they are.
     */
    @Test
    void aKillAtAnyStepLosesNothingAndDoublesNothing() throws Exception {
        record(home.pendingAudit(), 250);
        sequencer(home).flush();
        record(home.pendingAudit(), 20);
        Path before = copy(home.root(), "before");
        sequencer(home).flush();
        List<Path> written = new ArrayList<>();
        for (Path file : files(home.audit().resolve("tile"))) {
            if (!Files.exists(before.resolve(home.root().relativize(file)))) {
                written.add(home.root().relativize(file));
            }
        }
        assertThat(written).as("bundles and tiles, full and partial").hasSizeGreaterThanOrEqualTo(5);
        int all = (1 << written.size()) - 1;
        Set<Integer> some = new TreeSet<>(List.of(0, all));
        for (int i = 0; i < written.size(); i++) {
            some.addAll(List.of(
                    1 << i, all ^ (1 << i), all >> i)); // one alone, all but one, and the order there happens to be
        }
        for (int kept : some) {
            Path killed = copy(before, "killed-" + kept);
            for (int i = 0; i < written.size(); i++) {
                if ((kept & (1 << i)) != 0) {
                    copyFile(home.root(), killed, written.get(i));
                }
            }
            assertRecovers(killed);
        }
        // The checkpoint is there; what follows it is not, or only in part.
        for (String undone : List.of("series.json", "pending", "series.json pending", "tile")) {
            Path killed = copy(home.root(), "late-" + undone.replace(' ', '-'));
            for (String part : undone.split(" ", -1)) {
                for (Path file : files(before.resolve("audit").resolve(part))) {
                    copyFile(before, killed, before.relativize(file));
                }
            }
            assertRecovers(killed);
        }
    }

    private void assertRecovers(Path root) throws IOException {
        Home killed = new Home(root);
        sequencer(killed).flush();
        assertThat(events(killed, killed.pendingAudit())).as("%s", root).isEqualTo(numbers(1, 270));
        assertThat(gaps(killed)).isEmpty();
        assertThat(verdict(killed)).isEqualTo(Verdict.good(270));
    }

    @Test
    void withoutWhatIsRememberedBesideTheLogTheLogItselfTellsWhatItHas() throws Exception {
        record(home.pendingAudit(), 270);
        sequencer(home).flush();
        for (String content : new String[] {"", "{", "{\"size\":9000,\"writers\":{}}", "\0\0\0"}) {
            Files.writeString(home.audit().resolve(Series.FILE), content);
            sequencer(home).flush();
            assertThat(events(home, home.pendingAudit())).isEqualTo(numbers(1, 270));
        }
        Files.delete(home.audit().resolve(Series.FILE));
        assertRecovers(home.root());
    }

    @Test
    void damageAtTheEndOfAPendingFileIsToldOnce() throws Exception {
        Sequencer sequencer = sequencer(home);
        record(home.pendingAudit(), 3);
        Files.write(home.pendingAudit().resolve("00000001.pending"), new byte[77], StandardOpenOption.APPEND);
        sequencer.flush();
        assertThat(gaps(home)).as("the writer may be in the middle of it").isEmpty();
        record(home.pendingAudit(), 3);
        sequencer.flush();
        sequencer(home).flush();
        assertThat(events(home, home.pendingAudit())).isEqualTo(numbers(1, 6));
        assertThat(gaps(home)).singleElement().satisfies(gap -> assertThat(
                        gap.event().details())
                .containsEntry("unreadableBytes", "77")
                .containsEntry("file", "1"));
        assertThat(verdict(home)).isEqualTo(Verdict.good(7));
    }

    /** The disk forgot an entry that the log already has: its number comes again in another series, and is another entry. */
    @Test
    void aSeriesThatEndedEarlyIsNotMistakenForItsSuccessor() throws Exception {
        record(home.pendingAudit(), 2);
        sequencer(home).flush();
        Path file = home.pendingAudit().resolve("00000001.pending");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        record(home.pendingAudit(), 2);
        sequencer(home).flush();
        assertThat(events(home, home.pendingAudit())).isEqualTo(numbers(1, 4));
        assertThat(gaps(home)).isEmpty();
    }

    @Test
    void whatIsMissingBetweenTwoEntriesIsTold() throws Exception {
        record(home.pendingAudit(), 1200);
        record(home.pendingAudit(), 1);
        Files.delete(home.pendingAudit().resolve("00000001.pending"));
        sequencer(home).flush();
        List<AuditEntry> gaps = gaps(home);
        assertThat(gaps).singleElement().satisfies(gap -> assertThat(gap.event().details())
                .containsEntry("from", "1"));
        long missing = Long.parseLong(gaps.get(0).event().details().get("to"));
        assertThat(events(home, home.pendingAudit())).hasSize((int) (1201 - missing));
        assertThat(verdict(home).ok()).isTrue();
    }

    /** The files with a series' last entries are gone, the next series names them. */
    @Test
    void whatIsMissingAtTheEndOfASeriesIsTold() throws Exception {
        record(home.pendingAudit(), 2);
        record(home.pendingAudit(), 1);
        Files.delete(home.pendingAudit().resolve("00000001.pending"));
        sequencer(home).flush();
        assertThat(gaps(home)).singleElement().satisfies(gap -> assertThat(
                        gap.event().details())
                .containsEntry("from", "1")
                .containsEntry("to", "2"));
        assertThat(verdict(home)).isEqualTo(Verdict.good(2));
    }

    @Test
    void nothingIsSignedOnTopOfWhatWasTamperedWith() throws Exception {
        record(home.pendingAudit(), 3);
        sequencer(home).flush();
        Path bundle = home.audit().resolve("tile/entries/000.p/3");
        byte[] entries = Files.readAllBytes(bundle);
        entries[60] ^= 1;
        Files.write(bundle, entries);
        byte[] checkpoint = Files.readAllBytes(home.audit().resolve("checkpoint"));
        record(home.pendingAudit(), 1);
        assertThatThrownBy(() -> sequencer(home).flush())
                .isInstanceOf(StrongroomException.class)
                .hasMessageContaining("not what its checkpoint says");
        assertThat(home.audit().resolve("checkpoint")).hasBinaryContent(checkpoint);
        entries[60] ^= 1;
        Files.write(bundle, entries);
        sequencer(home).flush();
        assertThat(events(home, home.pendingAudit())).isEqualTo(numbers(1, 4));
    }

    /** As late as can be; a kill before a checkpoint covers it leaves an entry that another look may know more of. */
    @Test
    void anEventIsSignedWithWhatIsKnownOfItThen() throws Exception {
        record(home.pendingAudit(), 200);
        sequencer(home).flush();
        Path older = copy(home.root(), "older");
        record(home.pendingAudit(), 300);
        Path pending = copy(home.pendingAudit(), "pending");
        Sequencer first = sequencer(home);
        first.complete(event -> event.with("known", "little"));
        first.flush();
        assertThat(known(home)).containsEntry("nothing", 200L).containsEntry("little", 300L);
        assertThat(entries(home)).extracting(AuditEntry::id).doesNotHaveDuplicates();

        Files.copy(
                older.resolve("audit").resolve("checkpoint"),
                home.audit().resolve("checkpoint"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.delete(home.audit().resolve("series.json"));
        for (Path file : files(pending)) {
            copyFile(pending, home.pendingAudit(), pending.relativize(file));
        }
        Sequencer second = sequencer(home);
        second.complete(event -> event.with("known", "more"));
        second.flush();
        assertThat(known(home)).containsEntry("nothing", 200L).containsEntry("more", 300L);
        assertThat(verdict(home).ok()).isTrue();
        assertThat(gaps(home)).isEmpty();
    }

    private static Map<String, Long> known(Home of) throws IOException {
        return entries(of).stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.event().details().getOrDefault("known", "nothing"), Collectors.counting()));
    }

    /** Nobody begins a second log where there was one. */
    @Test
    void aLogWithoutItsKeyIsRefused() throws Exception {
        record(home.pendingAudit(), 3);
        sequencer(home).flush();
        for (String lost : List.of("signing.key", "key.pub", "checkpoint")) {
            Path copy = copy(home.root(), "without-" + lost);
            Files.delete(copy.resolve("audit").resolve(lost));
            assertThatThrownBy(() -> sequencer(new Home(copy)).flush())
                    .as(lost)
                    .isInstanceOf(StrongroomException.class);
        }
    }

    private Sequencer sequencer(Home of) {
        return new Sequencer(of, INSTALLATION, RULES, InstantSource.system(), () -> passed);
    }

    private void record(Path folder, int count) throws IOException {
        try (PendingLog log = PendingLog.open(folder, "test", InstantSource.system(), RunningTime.system())) {
            long ticket = 0;
            for (int i = 0; i < count; i++) {
                ticket = log.write(AuditEvent.of(AuditType.ARRIVAL)
                        .by(folder.getFileName().toString())
                        .with("event", ++recorded)
                        .with("text", "x".repeat(400))
                        .with("more", "x".repeat(400)));
            }
            log.sync(ticket);
        }
    }

    private static List<AuditEntry> entries(Home of) throws IOException {
        LogReader reader = new LogReader(of.audit());
        List<AuditEntry> all = new ArrayList<>();
        while (all.size() < reader.size()) {
            reader.from(all.size()).forEach(entry -> all.add(entry.entry()));
        }
        return all;
    }

    private static List<Integer> events(Home of, Path folder) throws IOException {
        return entries(of).stream()
                .filter(entry -> entry.event()
                        .principal()
                        .equals(Optional.of(folder.getFileName().toString())))
                .map(entry -> Integer.parseInt(entry.event().details().get("event")))
                .toList();
    }

    private static List<AuditEntry> gaps(Home of) throws IOException {
        return entries(of).stream()
                .filter(entry -> entry.event().type() == AuditType.RECORDING_GAP)
                .toList();
    }

    private static List<Integer> numbers(int... ranges) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < ranges.length; i += 2) {
            for (int number = ranges[i]; number <= ranges[i + 1]; number++) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private static Verdict verdict(Home of) throws IOException {
        return LogVerification.of(of.audit(), of.audit().resolve("key.pub"), List.of());
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Path copy(Path root, String name) throws IOException {
        Path copy = temporary.resolve(name);
        for (Path file : files(root)) {
            copyFile(root, copy, root.relativize(file));
        }
        return copy;
    }

    private static void copyFile(Path from, Path to, Path file) throws IOException {
        Files.createDirectories(to.resolve(file).getParent());
        Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
}
