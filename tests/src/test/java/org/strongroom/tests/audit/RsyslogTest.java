package org.strongroom.tests.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.ForwardSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.audit.Sequencer;
import org.strongroom.sidecar.forward.Forwarder;
import org.strongroom.sidecar.forward.Forwards;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.uplink.Uplink;

/** The audit log, forwarded to a real rsyslogd that is killed, stands still, and wants to know who sends. */
class RsyslogTest {
    private static final AuditRules RULES =
            new AuditRules(1000, Duration.ZERO, Duration.ofMinutes(4), Duration.ofHours(1));
    private static final Pattern ID = Pattern.compile("\\[strongroom@32473 id=\"([0-9a-f-]{36})\"]");

    @TempDir
    Path folder;

    private Home home;
    private Sequencer sequencer;
    private Rsyslog rsyslog;
    private final Problems problems = new Problems();

    @BeforeEach
    void start() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        sequencer = new Sequencer(home, UUID.randomUUID(), RULES, InstantSource.system(), RunningTime.system());
        rsyslog = new Rsyslog(folder);
    }

    @AfterEach
    void stop() throws InterruptedException {
        rsyslog.close();
    }

    @Test
    void everythingComesThroughWhateverHappensToTheReceiver() throws Exception {
        rsyslog.start();
        Forwarder forwarder = forwarder("strongroom");
        record(1500);
        until(forwarder);
        assertThat(ids()).containsExactlyElementsOf(log());
        assertThat(rsyslog.received().get(0))
                .contains(" strongroom IHE+RFC-3881 ")
                .contains("<AuditMessage>")
                .contains("</AuditMessage>");
        rsyslog.kill();
        record(2500);
        assertThat(forwarder.step()).as("nobody is there").isFalse();
        rsyslog.start();
        until(forwarder);
        assertThat(ids()).containsAll(log());

        record(3000);
        rsyslog.signal("STOP");
        Thread sending = new Thread(() -> {
            try {
                forwarder.step();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        sending.start();
        await().pollDelay(Duration.ofSeconds(2)).atMost(Duration.ofMinutes(1)).until(sending::isAlive);
        rsyslog.kill();
        sending.join();
        assertThat(forwarder.behind().orElseThrow().events())
                .as("it never read them")
                .isPositive();
        rsyslog.start();
        until(forwarder);
        List<String> first = new LinkedHashSet<>(ids()).stream().toList();
        assertThat(first).as("in order, with the same ids").isEqualTo(log());
    }

    @Test
    void aStrangerSendsNothingAndAStrangerGetsNothing() throws Exception {
        rsyslog.start();
        record(10);
        Forwarder stranger = forwarder("stranger");
        stranger.step();
        assertThat(stranger.behind().orElseThrow().events()).isEqualTo(10);
        Forwarder careful = forwarder(settings("strongroom", rsyslog.file("stranger.pem")));
        careful.step();
        assertThat(careful.behind().orElseThrow().events()).isEqualTo(10);
        assertThat(rsyslog.received()).isEmpty();
        Forwarder known = forwarder("strongroom");
        known.step();
        assertThat(known.behind().orElseThrow().events()).isZero();
    }

    private void until(Forwarder forwarder) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    while (forwarder.step()) {
                        // there is more
                    }
                    return forwarder.behind().orElseThrow().events() == 0
                            && new LinkedHashSet<>(ids()).size() == log().size();
                });
    }

    private Forwarder forwarder(String name) {
        return forwarder(settings(name, rsyslog.file("ca.pem")));
    }

    private Forwarder forwarder(Settings settings) {
        Map<String, ForwardSettings> forward = settings.audit().forward();
        return Forwards.of(
                        forward,
                        home,
                        UUID.randomUUID(),
                        problems,
                        Uplink.unlimited(),
                        InstantSource.system(),
                        RunningTime.system())
                .get(0);
    }

    private Settings settings(String name, Path authorities) {
        ObjectNode strongroom = new ObjectMapper().createObjectNode();
        ObjectNode section =
                strongroom.putObject("Strongroom").put("Home", home.root().toString());
        section.putObject("RootKey").put("KeyFile", "/c");
        section.putObject("Audit")
                .putObject("Forward")
                .putObject("siem")
                .put("Address", "syslog+tls://localhost:" + rsyslog.port)
                .put("From", "beginning")
                .put("Authorities", authorities.toString())
                .put("Certificate", rsyslog.file(name + ".pem").toString())
                .put("CertificateKey", rsyslog.file(name + ".key").toString());
        return Settings.parse(strongroom.toString());
    }

    private void record(int count) throws IOException {
        try (PendingLog log =
                PendingLog.open(home.pendingAudit(), "test", InstantSource.system(), RunningTime.system())) {
            long ticket = 0;
            for (int i = 0; i < count; i++) {
                ticket = log.write(AuditEvent.of(AuditType.VIEW).by("ann").with("text", "x".repeat(300)));
            }
            log.sync(ticket);
        }
        sequencer.flush();
    }

    private List<String> log() throws IOException {
        LogReader reader = new LogReader(home.audit());
        List<String> ids = new ArrayList<>();
        while (ids.size() < reader.size()) {
            for (LogEntry entry : reader.from(ids.size())) {
                ids.add(entry.entry().id().toString());
            }
        }
        return ids;
    }

    private List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        for (String line : rsyslog.received()) {
            Matcher id = ID.matcher(line);
            if (id.find()) {
                ids.add(id.group(1));
            }
        }
        return ids;
    }
}
