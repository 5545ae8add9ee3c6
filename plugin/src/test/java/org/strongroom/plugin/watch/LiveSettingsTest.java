package org.strongroom.plugin.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class LiveSettingsTest {
    private final List<AuditEvent> recorded = new CopyOnWriteArrayList<>();
    /** What Orthanc answers, by path. */
    private final Map<String, String> orthanc = new ConcurrentHashMap<>(Map.of(
            "/modalities?expand", "{\"ct\": {\"AET\": \"CT\", \"Host\": \"10.0.0.1\", \"Port\": 104}}",
            "/peers?expand", "{\"other\": {\"Url\": \"http://10.0.0.9/\", \"Username\": \"me\"}}",
            "/tools/accepted-transfer-syntaxes", "[\"1.2.840.10008.1.2\"]"));

    /** How the plugin fails that knows the DICOMweb servers. */
    private volatile FailureKind webServersFail = FailureKind.NOT_FOUND;

    private final LiveSettings settings = new LiveSettings(
            this::ask,
            WEB_SERVERS,
            recorded::add,
            Duration.ofMinutes(1),
            List.of(Duration.ofMillis(50), Duration.ofMillis(150)));

    private static final String WEB_SERVERS = "/dicom-web/servers?expand";

    @AfterEach
    void close() {
        settings.close();
    }

    private JsonNode ask(String path) {
        if (path.equals(WEB_SERVERS) && !orthanc.containsKey(path)) {
            throw StrongroomException.of(webServersFail, "no plugin says it");
        }
        if (!orthanc.containsKey(path)) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc does not answer");
        }
        try {
            return new ObjectMapper().readTree(orthanc.get(path));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> changes() {
        return recorded.stream()
                .flatMap(event -> event.details().entrySet().stream())
                .filter(detail -> detail.getKey().matches("change[0-9]+"))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Something is changed between two requests, the looks after the first of which may be over by then. */
    private void change(String path, String answer) {
        settings.expectChange();
        orthanc.put(path, answer);
        settings.expectChange();
    }

    private void awaitChanges(String... changes) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(changes()).containsExactly(changes));
    }

    /** Until long after the last look. */
    private void assertStays(String why, int events) {
        await().during(Duration.ofMillis(400))
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(recorded).as(why).hasSize(events));
    }

    @Test
    void oldAndNewValuesAreToldOnce() {
        change("/modalities?expand", "{\"ct\": {\"AET\": \"CT\", \"Host\": \"6.6.6.6\", \"Port\": 104}}");
        awaitChanges("Orthanc.DicomModalities.ct.Host: \"10.0.0.1\" -> \"6.6.6.6\"");
        assertThat(recorded).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.SETTINGS);
            assertThat(event.details()).containsEntry("way", "http");
        });

        change("/peers?expand", "{}");
        awaitChanges(
                "Orthanc.DicomModalities.ct.Host: \"10.0.0.1\" -> \"6.6.6.6\"",
                "Orthanc.OrthancPeers.other: \"http://10.0.0.9/\" -> none");
        assertStays("nothing twice", 2);
    }

    @Test
    void whatIsUndoneAtOnceIsToldAsWell() {
        String before = orthanc.get("/modalities?expand");
        change("/modalities?expand", "{\"ct\": {\"AET\": \"CT\", \"Host\": \"6.6.6.6\", \"Port\": 104}}");
        orthanc.put("/modalities?expand", before);
        awaitChanges(
                "Orthanc.DicomModalities.ct.Host: \"10.0.0.1\" -> \"6.6.6.6\"",
                "Orthanc.DicomModalities.ct.Host: \"6.6.6.6\" -> \"10.0.0.1\"");
    }

    /** They are another plugin's, which may not be loaded. */
    @Test
    void addressesOfDicomWebServersAreToldWithoutWhoLogsIn() {
        change(
                WEB_SERVERS,
                "{\"other\": {\"Url\": \"http://me:secret@10.0.0.8/web/\", \"Username\": \"secret\", \"HttpHeaders\": [\"secret\"]}}");
        awaitChanges("Orthanc.DicomWebServers.other: none -> \"http://10.0.0.8/web/\"");
        change(WEB_SERVERS, "{\"other\": {\"Url\": \"http://10.0.0.9/web/\"}}");
        awaitChanges(
                "Orthanc.DicomWebServers.other: none -> \"http://10.0.0.8/web/\"",
                "Orthanc.DicomWebServers.other: \"http://10.0.0.8/web/\" -> \"http://10.0.0.9/web/\"");
        assertThat(recorded.toString()).doesNotContain("secret");
    }

    @Test
    void whoLogsInAtAPeerIsNotTold() {
        change(
                "/peers?expand",
                "{\"other\": {\"Url\": \"http://me:secret@10.0.0.8/?token=secret\", \"Username\": \"secret\"}}");
        awaitChanges("Orthanc.OrthancPeers.other: \"http://10.0.0.9/\" -> \"http://10.0.0.8/\"");
        assertThat(recorded.toString()).doesNotContain("secret");
    }

    @Test
    void whatOrthancDoesNotSayIsComparedAnotherTime() {
        settings.expectChange();
        String syntaxes = orthanc.remove("/tools/accepted-transfer-syntaxes");
        change("/modalities?expand", "{}");
        assertStays("not that everything is gone", 0);
        orthanc.put("/tools/accepted-transfer-syntaxes", syntaxes);
        settings.expectChange();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(changes()).hasSize(3).allMatch(change -> change.endsWith(" -> none")));
    }

    /** What Orthanc itself says is compared all the same. */
    @Test
    void aPluginThatFailsHidesOnlyItsOwn() {
        webServersFail = FailureKind.UNAVAILABLE;
        change("/peers?expand", "{}");
        String gone = "Orthanc.OrthancPeers.other: \"http://10.0.0.9/\" -> none";
        awaitChanges(gone);
        change(WEB_SERVERS, "{\"web\": {\"Url\": \"http://10.0.0.8/\"}}");
        assertStays("nobody knows whether it is new", 1);
        orthanc.remove(WEB_SERVERS);
        change("/modalities?expand", "{}");
        await().untilAsserted(() -> assertThat(changes()).hasSize(4));
        change(WEB_SERVERS, "{\"web\": {\"Url\": \"http://10.0.0.7/\"}}");
        await().untilAsserted(() -> assertThat(changes())
                .hasSize(5)
                .contains("Orthanc.DicomWebServers.web: \"http://10.0.0.8/\" -> \"http://10.0.0.7/\""));
    }

    @Test
    void anOrthancThatSaysNothingHoldsUpNobody() {
        orthanc.clear();
        settings.expectChange();
        assertThat(recorded).isEmpty();
    }
}
