package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;

class OwnTest {
    private final TwoClinics clinics = new TwoClinics();

    @Test
    void everybodySeesTheirJobsAndWhoRunsTheMachineThatThereAreOthers() {
        String norths = job("north-technologist", clinics.norths);
        String souths = job("south-technologist", clinics.souths);
        assertThat(get("north-technologist", "/jobs").toString())
                .contains(norths)
                .doesNotContain(souths);
        JsonNode expanded = get("south-technologist", "/jobs?expand");
        assertThat(expanded).hasSize(1);
        assertThat(expanded.get(0).path("Content").path("What").asText()).contains(clinics.souths);
        assertThat(get("south-technologist", "/jobs/" + souths)).isEqualTo(expanded.get(0));
        assertThatThrownBy(() -> get("south-technologist", "/jobs/" + norths)).isInstanceOf(StrongroomException.class);
        assertThat(get("north-administrator", "/jobs")).hasSize(2);
        assertThat(get("north-administrator", "/jobs?expand").toString())
                .contains(norths, souths, "State")
                .doesNotContain("Content", "of NORTH", clinics.norths, clinics.souths);
        assertThat(get("north-administrator", "/jobs/" + souths).has("Content")).isFalse();
        assertThatThrownBy(() -> get("north-billing", "/jobs")).isInstanceOf(StrongroomException.class);
        assertThatThrownBy(() -> get("north-technologist", "/jobs?more")).isInstanceOf(StrongroomException.class);
    }

    @Test
    void stationsAreThoseThatOneReaches() {
        assertThat(get("north-radiologist", "/modalities").toString()).isEqualTo("[\"north-ct\"]");
        assertThat(get("south-radiologist", "/modalities?expand").toString())
                .isEqualTo("{\"south-ct\":{\"AET\":\"SOUTH_CT\",\"AllowFind\":true}}");
        assertThat(get("north-administrator", "/modalities?expand").toString()).contains("10.0.0.1", "10.0.0.2");
    }

    @Test
    void queriesAreThoseThatOneHasStarted() {
        String norths = query("north-radiologist", "north-ct");
        String souths = query("south-radiologist", "south-ct");
        assertThat(get("north-radiologist", "/queries").toString()).isEqualTo("[\"" + norths + "\"]");
        assertThat(get("south-radiologist", "/queries?expand").toString()).isEqualTo("[\"" + souths + "\"]");
        String below = "/queries/" + norths + "/answers/0/query-series";
        assertThat(clinics.ask("north-radiologist", HttpMethod.POST, below, "").status())
                .isEqualTo(200);
        assertThat(get("north-radiologist", "/queries")).hasSize(2);
        assertThatThrownBy(() -> clinics.ask("south-radiologist", HttpMethod.POST, below, "{}"))
                .isInstanceOf(StrongroomException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "ORTHANC, true",
        "'', true",
        "'{\"TargetAet\": \"ORTHANC\", \"Synchronous\": false}', true",
        "'{}', true",
        "'\"ORTHANC\"', true",
        "SOUTH_CT, false",
        "NORTH_CT, false",
        "'\"SOUTH_CT\"', false",
        "'{\"TargetAet\": \"SOUTH_CT\"}', false",
        "'{\"TargetAet\": \"ORTHANC\", \"TargetAet\": \"SOUTH_CT\"}', false",
        "'{\"LocalAet\": \"SOUTH_CT\"}', false",
        "'[\"ORTHANC\"]', false",
        "'{\"RetrieveMethod\": \"C-MOVE\"}', true",
        "'{\"RetrieveMethod\": \"C-GET\"}', false",
        "'{\"RetrieveMethod\": \"SystemDefault\"}', false",
    })
    void whatIsFetchedComesHere(String body, boolean fetched) {
        String path = "/queries/" + query("north-radiologist", "north-ct") + "/answers/0/retrieve";
        clinics.orthanc.orders.clear();
        if (fetched) {
            assertThat(clinics.ask("north-radiologist", HttpMethod.POST, path, body)
                            .status())
                    .isEqualTo(200);
            assertThat(clinics.orthanc.orders.get(0))
                    .contains("\"TargetAet\":\"ORTHANC\"", "\"RetrieveMethod\":\"C-MOVE\"");
        } else {
            clinics.events.clear();
            assertThatThrownBy(() -> clinics.ask("north-radiologist", HttpMethod.POST, path, body))
                    .isInstanceOf(StrongroomException.class);
            assertThat(clinics.orthanc.orders).isEmpty();
            assertThat(clinics.events).singleElement().satisfies(event -> {
                assertThat(event.type()).isEqualTo(AuditType.DENIAL);
                assertThat(event.principal()).hasValue("north-radiologist");
                assertThat(event.toString()).as("what the body says").doesNotContain("SOUTH_CT");
            });
        }
        assertThatThrownBy(() -> clinics.ask("south-radiologist", HttpMethod.POST, path, "ORTHANC"))
                .isInstanceOf(StrongroomException.class);
    }

    @Test
    void whatIsFetchedAtOnceComesHereAsWell() {
        String what = "{\"Level\": \"Study\", \"Resources\": [{\"StudyInstanceUID\": \"1.2\"}]%s}";
        String path = "/modalities/north-ct/move";
        assertThat(clinics.ask("north-radiologist", HttpMethod.POST, path, what.formatted(""))
                        .status())
                .isEqualTo(200);
        assertThat(clinics.orthanc.orders).singleElement().asString().contains("\"TargetAet\":\"ORTHANC\"");
        for (String more : List.of(", \"TargetAet\": \"SOUTH_CT\"", ", \"LocalAet\": \"X\"")) {
            assertThatThrownBy(() -> clinics.ask("north-radiologist", HttpMethod.POST, path, what.formatted(more)))
                    .isInstanceOf(StrongroomException.class);
        }
        assertThatThrownBy(() -> clinics.ask("south-radiologist", HttpMethod.POST, path, what.formatted("")))
                .isInstanceOf(StrongroomException.class);
        assertThat(clinics.orthanc.orders).hasSize(1);
    }

    @Test
    void whereARefusedQuestionComesFromIsRecorded() {
        String path = "/modalities/north-ct/query";
        clinics.gate.decide(new HttpFilter.Question(
                HttpMethod.POST,
                path,
                "10.0.0.7",
                List.of(),
                Map.of(TwoClinics.USER, "north-radiologist", "host", "pacs:8042")));
        assertThatThrownBy(() -> clinics.ask("north-radiologist", HttpMethod.POST, path, "[]"))
                .isInstanceOf(StrongroomException.class);
        assertThat(clinics.events).singleElement().satisfies(event -> assertThat(event.address())
                .contains("10.0.0.7"));
    }

    @Test
    void oneUserAsksThreeStationsAtATime() {
        clinics.orthanc.meanwhile = depth -> {
            if (depth < 3) {
                query("north-radiologist", "north-ct");
            } else {
                assertThatThrownBy(() -> query("north-radiologist", "north-ct"))
                        .isInstanceOf(StrongroomException.class);
            }
        };
        query("north-radiologist", "north-ct");
        assertThat(clinics.orthanc.orders).hasSize(3);
    }

    @Test
    void nobodyAsksAnotherTenantsStation() {
        assertThatThrownBy(() -> query("north-radiologist", "south-ct")).isInstanceOf(StrongroomException.class);
        assertThatThrownBy(() -> query("north-billing", "north-ct")).isInstanceOf(StrongroomException.class);
        assertThatThrownBy(() -> clinics.ask(
                        "north-radiologist",
                        HttpMethod.POST,
                        "/modalities/north-ct/query",
                        "{\"Level\": \"Study\", \"LocalAet\": \"SOUTH_CT\"}"))
                .isInstanceOf(StrongroomException.class);
        assertThat(clinics.orthanc.orders).isEmpty();
    }

    private String query(String user, String modality) {
        return id(clinics.ask(
                        user,
                        HttpMethod.POST,
                        "/modalities/" + modality + "/query",
                        "{\"Level\": \"Study\", \"Query\": {\"PatientID\": \"\"}}")
                .body());
    }

    private String job(String user, String study) {
        return id(clinics.ask(user, HttpMethod.POST, "/studies/" + study + "/modify", "{\"Asynchronous\": true}")
                .body());
    }

    private static String id(byte[] answer) {
        return PlayedOrthanc.read(answer).path("ID").asText();
    }

    private JsonNode get(String user, String uri) {
        return PlayedOrthanc.read(clinics.ask(user, HttpMethod.GET, uri, "").body());
    }
}
