package org.strongroom.sidecar.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.settings.Rate;
import org.strongroom.sidecar.finding.Finding;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;

class AlertsTest {
    private static final Alert ALERT = new Alert(
            Alert.State.problem,
            "disk",
            FailureKind.FULL,
            "no room",
            "make some",
            Instant.parse("2026-11-25T12:00:00Z"));

    private long count = 1;
    private final Problems problems = new Problems();
    private final List<String> told = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private final Alerts alerts = alerts(alert -> told.add(alert.state() + " " + alert.key()));

    /** The wall clock stands still. */
    private Alerts alerts(Alerts.Channel... channels) {
        return new Alerts(this::findings, List.of(channels), () -> Instant.EPOCH, () -> now);
    }

    private Map<String, Finding> findings() {
        Map<String, Finding> findings = new TreeMap<>();
        problems.byName().forEach((name, problem) -> findings.put(name, new Finding(problem, count)));
        return findings;
    }

    private void raise(String name) {
        problems.raise(name, FailureKind.FULL, "no room", "make some");
    }

    @Test
    void a_problem_is_told_once_and_its_end_once() throws Exception {
        alerts.look();
        raise("disk");
        alerts.look();
        alerts.look();
        problems.clear("disk");
        alerts.look();
        alerts.look();
        assertThat(told).containsExactly("problem disk", "over disk");
    }

    @Test
    void what_comes_and_goes_is_told_now_and_then() throws Exception {
        for (int minute = 0; minute < 21; minute++) {
            raise("line");
            alerts.look();
            problems.clear("line");
            alerts.look();
            now = now.plus(Duration.ofMinutes(1));
        }
        assertThat(told).containsExactly("problem line", "over line", "problem line", "over line");
    }

    @Test
    void what_grows_tenfold_is_told_again_but_not_at_once() throws Exception {
        raise("fetch/near");
        alerts.look();
        count = 1000;
        alerts.look();
        now = now.plus(Duration.ofMinutes(11));
        alerts.look();
        now = now.plus(Duration.ofMinutes(11));
        count = 2000;
        alerts.look();
        assertThat(told).containsExactly("problem fetch/near", "problem fetch/near");
    }

    @Test
    void many_at_once_come_bit_by_bit_and_none_is_lost() throws Exception {
        for (int i = 0; i < 25; i++) {
            raise("pack/" + i);
        }
        alerts.look();
        assertThat(told).hasSize(10);
        alerts.look();
        alerts.look();
        assertThat(told).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void a_channel_that_fails_does_not_keep_the_others_from_telling() throws Exception {
        Alerts both = alerts(
                alert -> {
                    throw new IOException("no line");
                },
                alert -> told.add(alert.key()));
        raise("disk");
        both.look();
        assertThat(told).containsExactly("disk");
    }

    /** A program cannot be started on a machine that has no thread left; what is to be told behind it is told all the same. */
    @Test
    void an_error_in_the_middle_loses_no_alert() throws Exception {
        boolean[] full = {true};
        Alerts one = alerts(alert -> {
            if (full[0]) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            told.add(alert.key());
        });
        raise("disk");
        raise("line");
        one.look();
        full[0] = false;
        now = now.plus(Duration.ofMinutes(11));
        one.look();
        assertThat(told).containsExactlyInAnyOrder("disk", "line");
    }

    @Test
    void an_end_that_nobody_took_is_told_again_until_somebody_does() throws Exception {
        boolean[] cut = {false};
        Alerts one = alerts(alert -> {
            told.add(alert.state() + " " + alert.key());
            if (cut[0]) {
                throw new IOException("no line");
            }
        });
        raise("line");
        one.look();
        problems.clear("line");
        cut[0] = true;
        one.look();
        one.look();
        assertThat(told).as("not at every look").containsExactly("problem line", "over line");
        now = now.plus(Duration.ofMinutes(11));
        one.look();
        cut[0] = false;
        now = now.plus(Duration.ofMinutes(11));
        one.look();
        one.look();
        assertThat(told).containsExactly("problem line", "over line", "over line", "over line");
        now = now.plus(Duration.ofMinutes(11));
        one.look();
        assertThat(told).as("it was taken").hasSize(4);
    }

    @Test
    void a_problem_whose_growth_nobody_heard_of_still_has_its_end_told() throws Exception {
        boolean[] cut = {false};
        Alerts one = alerts(alert -> {
            if (cut[0]) {
                throw new IOException("no line");
            }
            told.add(alert.state() + " " + alert.key());
        });
        raise("fetch/near");
        one.look();
        count = 1000;
        cut[0] = true;
        now = now.plus(Duration.ofMinutes(11));
        one.look();
        cut[0] = false;
        problems.clear("fetch/near");
        one.look();
        assertThat(told).containsExactly("problem fetch/near", "over fetch/near");
    }

    @Test
    @Timeout(60)
    void a_program_gets_it_as_json_and_is_killed_if_it_hangs(@TempDir Path folder) throws Exception {
        Path seen = folder.resolve("seen");
        new AlertCommand(script(folder, "cat >" + seen), Duration.ofSeconds(20)).tell(ALERT);
        assertThat(seen)
                .hasContent("{\"state\":\"problem\",\"key\":\"disk\",\"kind\":\"FULL\",\"message\":\"no room\","
                        + "\"cure\":\"make some\",\"at\":\"2026-11-25T12:00:00Z\"}");
        AlertCommand hanging = new AlertCommand(script(folder, "sleep 1000"), Duration.ofMillis(300));
        assertThatThrownBy(() -> hanging.tell(ALERT)).isInstanceOf(IOException.class);
        AlertCommand failing = new AlertCommand(script(folder, "exit 3"), Duration.ofSeconds(20));
        Alert unread = new Alert(ALERT.state(), ALERT.key(), ALERT.kind(), "x".repeat(1 << 20), "", ALERT.at());
        assertThatThrownBy(() -> failing.tell(unread)).hasMessage("exit status 3");
        assertThatThrownBy(() -> new AlertCommand(folder.resolve("none"), Duration.ofSeconds(1)).tell(ALERT))
                .isInstanceOf(IOException.class);
    }

    private static Path script(Path folder, String line) throws IOException {
        Path script = Files.writeString(Files.createTempFile(folder, "alert", ".sh"), "#!/bin/sh\n" + line + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    @Timeout(60)
    void a_webhook_gets_it_as_json(@TempDir Path folder) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(told.size() == 1 ? 204 : 500, -1);
            exchange.close();
        });
        server.start();
        try {
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
            Webhook webhook = new Webhook(address, Duration.ofSeconds(20), Uplink.unlimited());
            webhook.tell(ALERT);
            assertThat(told).singleElement().asString().contains("\"key\":\"disk\"");
            assertThatThrownBy(() -> webhook.tell(ALERT)).hasMessage("status 500");
        } finally {
            server.stop(0);
        }
    }

    @Test
    @Timeout(60)
    void a_webhook_passes_where_nothing_else_does_and_is_counted() throws Exception {
        Uplink uplink = new Uplink(Timetable.always(Rate.OFF), () -> Instant.EPOCH, () -> now, pause -> {});
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
            new Webhook(address, Duration.ofSeconds(20), uplink).tell(ALERT);
        } finally {
            server.stop(0);
        }
        now = now.plusSeconds(1);
        assertThat(told).hasSize(1);
        assertThat(uplink.sending().get(Priority.CLINICAL))
                .isGreaterThan(told.get(0).length() / 5);
    }
}
