package org.strongroom.tests.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.audit.Sequencer;
import org.strongroom.sidecar.forward.Forwarder;
import org.strongroom.sidecar.forward.Forwards;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.uplink.Uplink;
import org.strongroom.tests.harness.Certificates;

/** The audit log, forwarded by HTTPS to a server that wants a token, as FHIR and as lines of JSON. */
class FhirForwardTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private record Got(String method, String path, String type, String body) {}

    @TempDir
    Path folder;

    private HttpsServer server;
    private Home home;
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private volatile int status = 201;
    private volatile int most = Integer.MAX_VALUE;
    private Duration passed = Duration.ZERO;

    @BeforeEach
    void start() throws Exception {
        Certificates certificates = new Certificates(folder);
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Files.writeString(folder.resolve("token"), "open-sesame\n");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(certificates.pkcs12("localhost", PASSWORD))));
        server.createContext("/", this::answer);
        server.start();
        try (PendingLog log =
                PendingLog.open(home.pendingAudit(), "test", InstantSource.system(), RunningTime.system())) {
            log.record(AuditEvent.of(AuditType.LOGIN).by("ann").fromAddress("10.0.0.1"));
            log.record(AuditEvent.of(AuditType.LOGOUT).by("ann").fromAddress("10.0.0.1"));
        }
        new Sequencer(
                        home,
                        UUID.randomUUID(),
                        new AuditRules(1000, Duration.ZERO, Duration.ofMinutes(4), Duration.ofHours(1)),
                        InstantSource.system(),
                        RunningTime.system())
                .flush();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static SSLContext context(Path pkcs12) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(pkcs12)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean known = "Bearer open-sesame".equals(exchange.getRequestHeaders().getFirst("Authorization"));
        boolean takes = known && status < 300 && got.size() < most;
        if (takes) {
            got.add(new Got(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    body));
        }
        exchange.sendResponseHeaders(takes ? status : known ? Math.max(status, 503) : 401, -1);
        exchange.close();
    }

    @Test
    void eachEventIsPutUnderItsIdAndComesAgainIfTheServerWasDown() throws Exception {
        Forwarder forwarder = forwarder("fhir+https", "/fhir/", "localhost", "ca.pem");
        status = 503;
        forwarder.step();
        assertThat(forwarder.behind().orElseThrow().events()).isEqualTo(2);
        status = 201;
        passed = Duration.ofMinutes(1);
        forwarder.step();
        assertThat(forwarder.behind().orElseThrow().events()).isZero();
        assertThat(got).hasSize(2);
        JsonNode event = new ObjectMapper().readTree(got.get(0).body());
        assertThat(event.path("resourceType").asText()).isEqualTo("AuditEvent");
        assertThat(got.get(0).method()).isEqualTo("PUT");
        assertThat(got.get(0).type()).isEqualTo("application/fhir+json");
        assertThat(got.get(0).path())
                .isEqualTo("/fhir/AuditEvent/" + event.path("id").asText());
        assertThat(Instant.parse(event.path("recorded").asText())).isBefore(Instant.now());
    }

    @Test
    void whatTheServerHasTakenDoesNotComeAgain() throws Exception {
        Forwarder forwarder = forwarder("fhir+https", "/fhir", "localhost", "ca.pem");
        most = 1;
        forwarder.step();
        assertThat(got).hasSize(1);
        most = Integer.MAX_VALUE;
        passed = Duration.ofMinutes(1);
        forwarder.step();
        assertThat(got.stream().map(Got::path).distinct()).hasSize(2);
        assertThat(got).hasSize(2);
    }

    @Test
    void linesOfJsonAreTheEntriesThemselves() throws Exception {
        forwarder("https", "/in", "localhost", "ca.pem").step();
        assertThat(got).hasSize(1);
        assertThat(got.get(0).body().lines().toList()).hasSize(2);
        assertThat(new ObjectMapper()
                        .readTree(got.get(0).body().lines().toList().get(1))
                        .path("type")
                        .asText())
                .isEqualTo("logout");
    }

    @Test
    void withoutTheRightCertificateNameOrTokenNothingIsSent() throws Exception {
        forwarder("fhir+https", "/fhir", "localhost", "stranger.pem").step();
        forwarder("fhir+https", "/fhir", "127.0.0.1", "ca.pem").step();
        Files.writeString(folder.resolve("token"), "guess\n");
        Forwarder guessing = forwarder("fhir+https", "/fhir", "localhost", "ca.pem");
        guessing.step();
        assertThat(guessing.behind().orElseThrow().events()).isEqualTo(2);
        assertThat(got).isEmpty();
    }

    private Forwarder forwarder(String scheme, String path, String host, String authorities) {
        ObjectNode strongroom = new ObjectMapper().createObjectNode();
        ObjectNode section =
                strongroom.putObject("Strongroom").put("Home", home.root().toString());
        section.putObject("RootKey").put("KeyFile", "/c");
        section.putObject("Audit")
                .putObject("Forward")
                .putObject("fhir")
                .put(
                        "Address",
                        scheme + "://" + host + ":" + server.getAddress().getPort() + path)
                .put("From", "beginning")
                .put("TokenFile", folder.resolve("token").toString())
                .put("Authorities", folder.resolve(authorities).toString());
        return Forwards.of(
                        Settings.parse(strongroom.toString()).audit().forward(),
                        home,
                        UUID.randomUUID(),
                        new Problems(),
                        Uplink.unlimited(),
                        InstantSource.system(),
                        () -> passed)
                .get(0);
    }
}
