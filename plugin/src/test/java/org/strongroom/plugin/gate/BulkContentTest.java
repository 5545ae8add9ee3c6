package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpMethod;

class BulkContentTest {
    private static final String NOWHERE = "00000000-00000000-00000000-00000000-00000009";

    private final TwoClinics clinics = new TwoClinics();

    @Test
    void whatIsAnothersIsLeftOutAsIfItWereNotThere() {
        assertThat(ids(asked("north-radiologist", clinics.norths, clinics.souths, NOWHERE, clinics.northsOther)))
                .containsExactly(clinics.norths, clinics.northsOther);
        assertThat(asked("north-radiologist", clinics.souths)).isEmpty();
        assertThat(asked("north-referrer", clinics.norths)).isEmpty();
        assertThat(asked("north-referrer-opened", clinics.norths))
                .as("an emergency opens paths")
                .isEmpty();
    }

    @Test
    void whatIsWhollyTheirsIsWhatOrthancSays() {
        JsonNode bare = describe("north-radiologist", body(", \"Metadata\": false", clinics.norths));
        assertThat(bare.get(0)).isEqualTo(PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.norths)));
        String image = clinics.norths.replace('a', 'c').replace('1', '3');
        assertThat(asked("north-radiologist", image)
                        .get(0)
                        .path("Metadata")
                        .path("SopClassUid")
                        .asText())
                .isNotEmpty();
    }

    /** The patient is both's: tags are those of the caller's image, studies the caller's, and metadata of the patient nobody's. */
    @Test
    void ofAPatientOfTwoTenantsEachSeesTheirPart() {
        String patient = patientOf(clinics.southsShared);
        JsonNode souths = describe("south-radiologist", body("", patient, clinics.southsShared));
        assertThat(souths).hasSize(2);
        assertThat(souths.toString()).contains("SHARED^SOUTH").doesNotContain("NORTH", clinics.northsShared);
        clinics.orthanc.metadata("/patients/" + patient, "of NORTH");
        clinics.orthanc.metadata("/studies/" + clinics.southsShared, "of the study");
        JsonNode more = describe("south-radiologist", body("", patient, clinics.southsShared));
        assertThat(more.get(0).path("Metadata")).isEmpty();
        assertThat(more.get(1).path("Metadata").path("Note").asText()).isEqualTo("of the study");
    }

    @ParameterizedTest
    @CsvSource({"Patient, 1", "Study, 1", "Series, 1", "Instance, 1"})
    void theLevelIsGoneUpAndDownTo(String level, int found) {
        for (String from : List.of(
                patientOf(clinics.southsShared),
                clinics.southsShared,
                clinics.southsShared.replace('a', 'b').replace('1', '2'),
                clinics.southsShared.replace('a', 'c').replace('1', '3'))) {
            JsonNode described = describe("south-radiologist", body(", \"Level\": \"" + level + "\"", from, NOWHERE));
            assertThat(described).as(from).hasSize(found);
            assertThat(described.get(0).path("Type").asText()).isEqualTo(level);
            assertThat(described.toString()).doesNotContain("NORTH", clinics.northsShared);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"Resources\": [7]}",
                "{\"Resources\": [\"x\"]}",
                "{\"Resources\": {}}",
                "{\"Resources\": [], \"Full\": 1}",
                "{\"Resources\": [], \"Metadata\": 1}",
                "{\"Resources\": [], \"Level\": \"Frame\"}",
            })
    void whatIsNotUnderstoodIsRefused(String body) {
        assertRefused("north-radiologist", HttpMethod.POST, body);
    }

    @Test
    void whoDoesNotSeeTagsIsRefused() {
        String body = body("", clinics.norths);
        assertThat(describe("north-billing", body)).hasSize(1);
        for (String user : List.of("north-auditor", "north-modifier", "nobody")) {
            assertRefused(user, HttpMethod.POST, body);
        }
        assertRefused("north-radiologist", HttpMethod.GET, body);
    }

    @Test
    void whatWouldBeTooLongIsRefused() {
        TwoClinics large = new TwoClinics(10_000, 2);
        large.orthanc.fill(large.norths, 3);
        String body = body(", \"Level\": \"Instance\"", large.norths);
        assertThatThrownBy(() -> large.ask("north-radiologist", HttpMethod.POST, "/tools/bulk-content", body))
                .hasMessageContaining("ask for less");
    }

    private String patientOf(String study) {
        return PlayedOrthanc.read(clinics.orthanc.get("/studies/" + study))
                .path("ParentPatient")
                .asText();
    }

    private JsonNode asked(String user, String... ids) {
        return describe(user, body("", ids));
    }

    private static String body(String more, String... ids) {
        return "{\"Resources\": [\"" + String.join("\", \"", ids) + "\"]" + more + "}";
    }

    @Test
    void tagsAreWrittenAsIsAskedFor() {
        String body = "{\"Resources\": [\"" + clinics.southsShared + "\"], \"Metadata\": false, \"%s\": true}";
        assertThat(describe("south-radiologist", body.formatted("Full"))
                        .findValue("0010,0010")
                        .path("Value")
                        .asText())
                .isEqualTo("SHARED^SOUTH");
        assertThat(describe("south-radiologist", body.formatted("Short"))
                        .findValue("0010,0010")
                        .asText())
                .isEqualTo("SHARED^SOUTH");
    }

    private static List<String> ids(JsonNode described) {
        return described.findValuesAsText("ID");
    }

    private JsonNode describe(String user, String body) {
        return PlayedOrthanc.read(
                clinics.ask(user, HttpMethod.POST, "/tools/bulk-content", body).body());
    }

    private void assertRefused(String user, HttpMethod method, String body) {
        assertThatThrownBy(() -> clinics.ask(user, method, "/tools/bulk-content", body))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
    }
}
