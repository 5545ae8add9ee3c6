package org.strongroom.sidecar.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Rate;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.audit.Sequencer;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;

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
    private boolean open = true;
    private int recorded;

    /** Takes some of what it is sent, and says so or not. */
    private static final class Receiver implements Destination {
        final List<String> got = new ArrayList<>();
        int takes = Integer.MAX_VALUE;
        boolean tells;
        boolean atOnce = true;
        int atMost = Integer.MAX_VALUE;
        int largest;
        Priority urgency;

        @Override
        public int most() {
            return 100;
        }

        @Override
        public void send(List<LogEntry> events) throws IOException {
            urgency = Priority.current();
            if (events.size() > atMost) {
                throw new IOException("status 413");
            }
            largest = Math.max(largest, events.size());
            for (LogEntry event : events.subList(0, Math.min(takes, events.size()))) {
                got.add(event.entry().event().details().getOrDefault("event", "-"));
            }
            if (takes < events.size()) {
                IOException killed = new IOException("killed");
                throw tells ? new PartlySent(takes, killed) : killed;
            }
        }

        @Override
        public boolean takesMoreAtOnce() {
            return atOnce;
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

    /** The log is pruned no further than that. */
    @Test
    void howMuchOfTheLogItNeedsNoMoreIsTold() throws Exception {
        record(700);
        assertThat(forwarder(true).events()).isZero();
        assertThat(forwarder(false).events()).as("it wants what comes").isEqualTo(Long.MAX_VALUE);
        receiver.atOnce = false;
        forwarder(true).step();
        assertThat(forwarder(true).events()).isEqualTo(100);
        assertThat(forwarder(false).events()).isEqualTo(100);
        Files.writeString(home.audit().resolve("forward/clinic-siem"), "damaged");
        assertThat(forwarder(false).events()).as("it gets the whole log").isZero();
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

    /** A web server that takes a megabyte at once would refuse the same events for ever. */
    @Test
    void whoTakesNoLargeBatchGetsSmallerOnes() throws Exception {
        record(250);
        Forwarder forwarder = forwarder(true);
        receiver.atMost = 7;
        for (int minutes = 0; minutes < 60; minutes += 2) {
            while (forwarder.step()) {
                // until something is refused
            }
            passed = passed.plusMinutes(2);
        }
        assertThat(receiver.got).isEqualTo(numbers(1, 250));
        receiver.atMost = Integer.MAX_VALUE;
        record(2_000);
        while (forwarder.step()) {
            // until all is there
        }
        assertThat(receiver.got).isEqualTo(numbers(1, 2_250));
        assertThat(receiver.largest).as("whole batches again").isEqualTo(100);
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
    void nothingIsSentWhileTheTimetableLetsNothingThrough() throws Exception {
        record(10);
        Forwarder forwarder = forwarder(true);
        open = false;
        assertThat(forwarder.step()).isFalse();
        assertThat(receiver.got).isEmpty();
        assertThat(forwarder.behind().orElseThrow().events()).isEqualTo(10);
        open = true;
        forwarder.step();
        assertThat(receiver.got).isEqualTo(numbers(1, 10));
        assertThat(receiver.urgency).isEqualTo(Priority.STAT);
    }

    @Test
    void whatGoesByUdpIsCounted() throws Exception {
        record(2);
        Uplink uplink = new Uplink(Timetable.always(Rate.UNLIMITED), clock, () -> passed, pause -> {});
        SyslogText text = new SyslogText(UUID.randomUUID(), "host");
        List<LogEntry> events = new LogReader(home.audit()).from(0);
        new SyslogUdp(URI.create("syslog+udp://127.0.0.1:9"), text, uplink).send(events);
        passed = passed.plusSeconds(1);
        long all = events.stream().mapToLong(event -> text.of(event).length).sum();
        assertThat(uplink.sending()).containsEntry(Priority.CLINICAL, all / 5);
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

    @Test
    void anotherLogIsSentWholeAlsoIfItBeginsMeanwhile() throws Exception {
        record(10);
        Forwarder forwarder = forwarder(false);
        forwarder.step();
        record(5);
        forwarder.step();
        assertThat(receiver.got).isEqualTo(numbers(11, 15));
        Path aside = Files.createDirectory(temporary.resolve("aside"));
        for (String name : List.of("tile", "checkpoint", "series.json", "signing.key", "key.pub")) {
            Files.move(home.audit().resolve(name), aside.resolve(name));
        }
        sequencer = new Sequencer(home, UUID.randomUUID(), RULES, clock, () -> passed);
        record(3);
        forwarder.step();
        assertThat(receiver.got.subList(5, receiver.got.size())).contains("16", "17", "18");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "\u00ff"})
    void aDamagedCursorLosesNothing(String text) throws Exception {
        record(10);
        forwarder(false).step();
        record(1);
        Files.writeString(home.audit().resolve("forward/clinic-siem"), text, StandardCharsets.ISO_8859_1);
        forwarder(false).step();
        assertThat(receiver.got).isEqualTo(numbers(1, 11));
    }

    @Test
    void whatIsSurelyThereDoesNotComeAgain() throws Exception {
        record(10);
        Forwarder forwarder = forwarder(true);
        receiver.tells = true;
        receiver.takes = 4;
        assertThat(forwarder.step()).isFalse();
        passed = passed.plusSeconds(2);
        assertThat(forwarder.step()).isFalse();
        receiver.takes = Integer.MAX_VALUE;
        passed = passed.plusSeconds(2);
        forwarder.step();
        assertThat(receiver.got).isEqualTo(numbers(1, 10));
    }

    @Test
    void whoCannotSayThatItIsTooMuchGetsMoreInTheNextRound() throws Exception {
        record(250);
        receiver.atOnce = false;
        assertThat(forwarder(true).step()).isFalse();
        assertThat(receiver.got).isEqualTo(numbers(1, 100));
        assertThat(new SyslogUdp(
                                URI.create("syslog+udp://127.0.0.1:514"),
                                new SyslogText(UUID.randomUUID(), "host"),
                                Uplink.unlimited())
                        .takesMoreAtOnce())
                .isFalse();
    }

    /** RFC 5426: a message in each datagram, without a count of its octets. */
    @Test
    void byUdpEachEventIsADatagram() throws Exception {
        record(3);
        List<LogEntry> events = new LogReader(home.audit()).from(0);
        SyslogText text = new SyslogText(UUID.randomUUID(), "host");
        try (DatagramSocket collector = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            collector.setSoTimeout(10_000);
            new SyslogUdp(URI.create("syslog+udp://127.0.0.1:" + collector.getLocalPort()), text, Uplink.unlimited())
                    .send(events);
            for (LogEntry event : events) {
                DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
                collector.receive(packet);
                String message = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                assertThat(message)
                        .isEqualTo(new String(text.of(event), StandardCharsets.UTF_8))
                        .startsWith("<85>1 ")
                        .contains("<AuditMessage");
            }
        }
    }

    @Test
    void aLineThatWasCutOffInAFileIsEndedAndTheFileIsTheOwners() throws Exception {
        record(2);
        LogEntry entry = new LogReader(home.audit()).from(0).get(0);
        Path file = temporary.resolve("lines");
        JsonFile lines = new JsonFile(file);
        lines.send(List.of(entry));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.writeString(file, "{\"half", StandardOpenOption.APPEND);
        lines.send(List.of(entry));
        lines.send(List.of(entry));
        String whole = new String(entry.json(), StandardCharsets.UTF_8);
        assertThat(Files.readString(file)).isEqualTo(whole + "\n{\"half\n" + whole + "\n" + whole + "\n");
    }

    private Forwarder forwarder(boolean fromBeginning) {
        return new Forwarder(
                "clinic-siem",
                home.audit(),
                fromBeginning,
                Duration.ofHours(1),
                () -> receiver,
                () -> open,
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
