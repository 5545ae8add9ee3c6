package org.strongroom.sidecar.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.audit.Sequencer;
import org.strongroom.sidecar.problem.Problems;

class ForwarderTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final AuditRules RULES =
            new AuditRules(1000, Duration.ZERO, Duration.ofMinutes(4), Duration.ofHours(1));

    @TempDir
    Path temporary;

    private Home home;
    private Sequencer sequencer;
    private Duration passed = Duration.ZERO;
    private final InstantSource clock = () -> NOON.plus(passed);
    private final Problems problems = new Problems();
    private final Receiver receiver = new Receiver();
    private int recorded;

    /** Takes some of what it is sent, and says so or not. */
    private static final class Receiver implements Destination {
        final List<String> got = new ArrayList<>();
        int takes = Integer.MAX_VALUE;

        @Override
        public int most() {
            return 100;
        }

        @Override
        public void send(List<LogEntry> events) throws IOException {
            for (LogEntry event : events.subList(0, Math.min(takes, events.size()))) {
                got.add(event.entry().event().details().getOrDefault("event", "-"));
            }
            if (takes < events.size()) {
                throw new IOException("killed");
            }
        }
    }

    @BeforeEach
    void makeHome() throws IOException {
        home = new Home(temporary.resolve("home"));
        home.createFolders();
        sequencer = new Sequencer(home, UUID.randomUUID(), RULES, clock, () -> passed);
    }

    @Test
    void everythingComesInOrderFromTheNextEventOn() throws Exception {
        Forwarder forwarder = forwarder(false);
        assertThat(forwarder.step()).as("there is no log yet").isFalse();
        record(3);
        assertThat(forwarder.step()).isFalse();
        record(700);
        while (forwarder.step()) {
            // until all is there
        }
        assertThat(receiver.got).isEqualTo(numbers(4, 703));
        assertThat(forwarder.behind().orElseThrow().events()).isZero();
        record(1);
        forwarder(false).step();
        assertThat(receiver.got).isEqualTo(numbers(4, 704));
    }

    @Test
    void fromTheBeginningIfThatIsWanted() throws Exception {
        record(3);
        forwarder(true).step();
        assertThat(receiver.got).isEqualTo(numbers(1, 3));
    }

    @Test
    void whatWasNotReceivedForSureComesAgainLaterAndLessOften() throws Exception {
        record(10);
        Forwarder forwarder = forwarder(true);
        receiver.takes = 4;
        assertThat(forwarder.step()).isFalse();
        assertThat(forwarder.step()).as("not at once").isFalse();
        assertThat(receiver.got).hasSize(4);
        passed = passed.plusSeconds(2);
        forwarder.step();
        passed = passed.plusSeconds(2);
        forwarder.step();
        assertThat(receiver.got).as("four seconds then").hasSize(8);
        receiver.takes = Integer.MAX_VALUE;
        passed = passed.plusSeconds(2);
        forwarder.step();
        assertThat(receiver.got.subList(8, 18)).isEqualTo(numbers(1, 10));
        assertThat(receiver.got).hasSize(18);
    }

    @Test
    void whoIsBehindForLongIsAProblemUntilItIsOver() throws Exception {
        record(10);
        Forwarder forwarder = forwarder(true);
        receiver.takes = 0;
        forwarder.step();
        assertThat(problems.standing()).isEmpty();
        passed = Duration.ofDays(3);
        forwarder.step();
        assertThat(problems.standing()).hasSize(1);
        assertThat(forwarder.behind().orElseThrow().events()).isEqualTo(10);
        assertThat(forwarder.behind().orElseThrow().since()).contains(NOON);
        receiver.takes = Integer.MAX_VALUE;
        record(100);
        passed = passed.plusHours(1);
        assertThat(forwarder.step()).isTrue();
        assertThat(problems.standing()).as("a part is there").hasSize(1);
        forwarder.step();
        assertThat(problems.standing()).isEmpty();
        assertThat(receiver.got).isEqualTo(numbers(1, 110));
    }

    @Test
    void aLogThatWasCutIsNotSent() throws Exception {
        record(10);
        forwarder(true).step();
        Path cursor = home.audit().resolve("forward/clinic-siem");
        Files.writeString(cursor, Files.readString(cursor).replace(" 10\n", " 11\n"));
        assertThatThrownBy(() -> forwarder(true).step()).isInstanceOf(StrongroomException.class);
    }

    @Test
    void anotherLogIsSentWhole() throws Exception {
        record(10);
        forwarder(false).step();
        Path cursor = home.audit().resolve("forward/clinic-siem");
        Files.writeString(cursor, "0".repeat(32) + " 99\n");
        forwarder(false).step();
        assertThat(receiver.got).isEqualTo(numbers(1, 10));
    }

    private Forwarder forwarder(boolean fromBeginning) {
        return new Forwarder(
                "clinic-siem",
                home.audit(),
                fromBeginning,
                Duration.ofHours(1),
                () -> receiver,
                problems,
                clock,
                () -> passed);
    }

    private void record(int count) throws IOException {
        try (PendingLog log = PendingLog.open(home.pendingAudit(), "test", clock, () -> passed)) {
            long ticket = 0;
            for (int i = 0; i < count; i++) {
                ticket = log.write(AuditEvent.of(AuditType.ARRIVAL).with("event", ++recorded));
            }
            log.sync(ticket);
        }
        sequencer.flush();
    }

    private static List<String> numbers(int first, int last) {
        List<String> numbers = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            numbers.add(String.valueOf(number));
        }
        return numbers;
    }
}
