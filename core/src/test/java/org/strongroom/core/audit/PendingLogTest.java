package org.strongroom.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEntry.Place;

class PendingLogTest {
    private static final AuditEvent EVENT = AuditEvent.of(AuditType.START).by(AuditEvent.STRONGROOM);

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-26T03:00:00Z");
    private Duration running = Duration.ZERO;

    @Test
    void aReaderFollowsItsWriterAcrossFilesAndLives() throws Exception {
        PendingReader reader = new PendingReader(folder);
        assertThat(reader.next()).isEmpty();
        try (PendingLog log = open()) {
            log.record(EVENT);
            assertThat(numbers(reader)).containsExactly(1L);
            log.record(EVENT);
        }
        try (PendingLog log = open()) {
            log.record(EVENT);
            assertThat(numbers(reader)).containsExactly(2L, 1L);
        }
        List<Pending> all = all(new PendingReader(folder));
        AuditEntry second = all.get(1).entry().orElseThrow();
        AuditEntry third = all.get(2).entry().orElseThrow();
        assertThat(third.writer()).isNotEqualTo(second.writer());
        assertThat(third.after()).contains(second.place());
        assertThat(second.after()).isEmpty();
        assertThat(all.stream().map(Pending::file)).containsExactly(1, 1, 2);
    }

    @Test
    void writersShareFilesAndLeaveNoGap() throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(8);
        try (PendingLog log = open()) {
            List<Future<?>> running = new ArrayList<>();
            AuditEvent large = EVENT.with("text", "x".repeat(Clean.LONGEST)).with("more", "y".repeat(Clean.LONGEST));
            for (int sender = 0; sender < 8; sender++) {
                running.add(senders.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        log.record(large);
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            senders.shutdownNow();
        }
        assertThat(PendingReader.numbers(folder)).hasSizeGreaterThan(1);
        assertThat(numbers(new PendingReader(folder)))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 1600).boxed().toList());
    }

    /** A writer that is killed at any byte of its last entry: those before stay, the rest is told, the numbers go on. */
    @Test
    void whatAKilledWriterLeftUnfinishedIsTold() throws Exception {
        try (PendingLog log = open()) {
            log.record(EVENT);
            log.record(EVENT);
        }
        Path file = PendingFrame.file(folder, 1);
        byte[] whole = Files.readAllBytes(file);
        int second = whole.length / 2;
        for (int cut = second; cut < whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            Files.deleteIfExists(PendingFrame.file(folder, 2));
            try (PendingLog log = open()) {
                log.record(EVENT);
            }
            List<Pending> all = all(new PendingReader(folder));
            assertThat(all.stream().flatMap(each -> each.entry().stream()).map(AuditEntry::number))
                    .as("cut at %d", cut)
                    .containsExactly(1L, 1L);
            assertThat(all.stream().mapToLong(Pending::unreadable).sum()).isEqualTo(cut - second);
        }
    }

    /** Damage is as good as an end: the series goes on in the next file, and what lies behind the damage is told in bytes. */
    @Test
    void damageIsTold() throws Exception {
        try (PendingLog log = open()) {
            log.record(EVENT);
            log.record(EVENT);
        }
        Path file = PendingFrame.file(folder, 1);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length / 2; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            Files.write(PendingFrame.file(folder, 2), new byte[0]);
            List<Pending> all = all(new PendingReader(folder));
            assertThat(all).as("byte %d", at).hasSize(1);
            assertThat(all.get(0).unreadable()).isEqualTo(whole.length);
        }
    }

    @Test
    void aFileThatIsBeingWrittenIsWaitedFor() throws Exception {
        byte[] frame;
        try (PendingLog log = open()) {
            log.record(EVENT);
        }
        Path file = PendingFrame.file(folder, 1);
        frame = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(frame, 5));
        PendingReader reader = new PendingReader(folder);
        assertThat(reader.next()).isEmpty();
        Files.write(file, Arrays.copyOfRange(frame, 5, frame.length), StandardOpenOption.APPEND);
        assertThat(numbers(reader)).containsExactly(1L);
    }

    @Test
    void aSeriesKnowsWhatWasBeforeItWhenTheSidecarHasTakenTheOlderFiles() throws Exception {
        for (int life = 0; life < 3; life++) {
            try (PendingLog log = open()) {
                log.record(EVENT);
            }
        }
        open().close(); // a life without an event
        Place last = all(new PendingReader(folder)).get(2).entry().orElseThrow().place();
        PendingReader.drop(folder, 3);
        assertThat(PendingReader.numbers(folder)).containsExactly(3, 4);
        try (PendingLog log = open()) {
            log.record(EVENT);
        }
        List<Pending> left = all(new PendingReader(folder));
        assertThat(left).hasSize(2);
        assertThat(left.get(1).entry().orElseThrow().after()).contains(last);
    }

    @Test
    void aClockThatWasSetIsNoted() throws Exception {
        try (PendingLog log = open()) {
            log.record(EVENT);
            now = now.plusSeconds(10);
            running = running.plusSeconds(10);
            log.record(EVENT);
            now = now.minusSeconds(3600);
            log.record(EVENT);
            now = now.plusSeconds(1); // slewed
            log.record(EVENT);
        }
        assertThat(all(new PendingReader(folder)).stream()
                        .map(each -> each.entry().orElseThrow().stepMillis()))
                .containsExactly(0L, 0L, -3_600_000L, 0L);
    }

    /** Between two writers nobody measures time; that it went backwards is sure all the same. */
    @Test
    void aClockThatWasSetBackWhileNobodyWroteIsNoted() throws Exception {
        try (PendingLog log = open()) {
            log.record(EVENT);
        }
        now = now.plusSeconds(7200); // switched off for so long, as far as anybody knows
        try (PendingLog log = open()) {
            log.record(EVENT);
        }
        now = now.minusSeconds(3600);
        try (PendingLog log = open()) {
            log.record(EVENT);
            log.record(EVENT);
        }
        assertThat(all(new PendingReader(folder)).stream()
                        .map(each -> each.entry().orElseThrow().stepMillis()))
                .containsExactly(0L, 0L, -3_600_000L, 0L);
    }

    private PendingLog open() throws IOException {
        return PendingLog.open(folder, "plugin", () -> now, () -> running);
    }

    private static List<Long> numbers(PendingReader reader) throws IOException {
        return all(reader).stream()
                .map(each -> each.entry().orElseThrow().number())
                .toList();
    }

    private static List<Pending> all(PendingReader reader) throws IOException {
        List<Pending> all = new ArrayList<>();
        for (Optional<Pending> next = reader.next(); next.isPresent(); next = reader.next()) {
            all.add(next.get());
        }
        return all;
    }
}
