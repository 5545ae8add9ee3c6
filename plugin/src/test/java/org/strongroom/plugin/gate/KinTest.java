package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpMethod;

/** Of the patient of both, which Orthanc knows by what north has sent. */
class KinTest {
    private final TwoClinics clinics = new TwoClinics();

    @ParameterizedTest
    @CsvSource({
        "PATIENT/studies, Study, 1",
        "PATIENT/series, Series, 1",
        "/studies/SHARED/patient, Patient, 0",
        "SERIES/patient, Patient, 0",
        "INSTANCE/patient, Patient, 0",
        "SERIES/study, Study, 0",
        "INSTANCE/study, Study, 0",
    })
    void eachSeesTheirPartAndTheirTags(String path, String type, int listed) {
        for (String tenant : new String[] {"south", "north"}) {
            boolean south = tenant.equals("south");
            JsonNode answer =
                    ask(tenant + "-radiologist", path(path, south ? clinics.southsShared : clinics.northsShared));
            assertThat(answer.isArray()).isEqualTo(listed > 0);
            JsonNode one = listed > 0 ? answer.path(0) : answer;
            assertThat(one.path("Type").asText()).isEqualTo(type);
            if (!type.equals("Series")) {
                assertThat(answer.toString()).contains(south ? "SHARED^SOUTH" : "SHARED^NORTH");
            }
            assertThat(answer.toString())
                    .doesNotContain(south ? "NORTH" : "SOUTH", south ? clinics.northsShared : clinics.southsShared);
            if (listed > 0) {
                assertThat(answer).hasSize(listed);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"PATIENT/studies", "/studies/SHARED/patient", "INSTANCE/study"})
    void othersAreRefused(String path) {
        String souths = path(path, clinics.souths);
        assertRefused("north-radiologist", HttpMethod.GET, souths);
        assertRefused("south-auditor", HttpMethod.GET, souths);
        assertRefused("south-radiologist", HttpMethod.DELETE, souths);
        assertRefused("south-radiologist", HttpMethod.GET, path(path, clinics.southsShared) + "?whole");
    }

    /** As Orthanc Explorer and older programs ask. */
    @ParameterizedTest
    @CsvSource({
        "PATIENT/studies, full",
        "PATIENT/studies, short",
        "/studies/SHARED/patient, full",
        "SERIES/patient, short",
        "INSTANCE/study, full",
        "SERIES/study, short",
    })
    void tagsAreWrittenAsIsAskedFor(String path, String format) {
        JsonNode answer = ask(
                "south-radiologist", path(path, clinics.southsShared) + "?" + format + "&_=17&requestedTags=PatientID");
        assertThat(answer.findValues("0010,0010")).singleElement().satisfies(name -> assertThat(name.toString())
                .isEqualTo(
                        format.equals("full")
                                ? "{\"Name\":\"PatientName\",\"Type\":\"String\",\"Value\":\"SHARED^SOUTH\"}"
                                : "\"SHARED^SOUTH\""));
        assertThat(answer.findValue("RequestedTags").has("0010,0020")).isTrue();
        assertThat(answer.toString()).doesNotContain("NORTH", "\"PatientName\":");
    }

    @Test
    void whoAsksForIdsGetsThem() {
        for (String folder : List.of("studies", "series")) {
            String path = path("PATIENT/" + folder, clinics.southsShared);
            JsonNode whole = ask("south-radiologist", path + "?expand");
            assertThat(whole).isEqualTo(ask("south-radiologist", path)).hasSize(1);
            assertThat(ask("south-radiologist", path + "?expand=false").toString())
                    .isEqualTo("[\"" + whole.get(0).path("ID").asText() + "\"]");
        }
        assertRefused("south-radiologist", HttpMethod.GET, path("SERIES/study?expand", clinics.southsShared));
    }

    /** Whoever has a link to a study is told of its patient what is in that study. */
    @Test
    void aLinkShowsItsStudyOnly() {
        JsonNode patient = ask("north-radiologist-link", "/studies/" + clinics.norths + "/patient");
        assertThat(patient.path("Studies")).hasSize(1);
        clinics.store("north", "P1", "ONE^NORTH", "1.7");
        JsonNode studies = ask("north-radiologist-link", path("PATIENT/studies", clinics.norths));
        assertThat(studies.findValuesAsText("ID")).containsExactly(clinics.norths);
        assertRefused("north-radiologist-link", HttpMethod.GET, path("PATIENT/studies", clinics.northsOther));
    }

    @Test
    void whatIsNotSharedIsAsOrthancHasIt() {
        String patient = "/studies/" + clinics.souths + "/patient";
        assertThatThrownBy(() -> ask("south-radiologist", patient)).isInstanceOf(StrongroomException.class);
        assertThat(clinics.orthanc.uris).endsWith(patient);
    }

    private String path(String path, String study) {
        String patient = PlayedOrthanc.read(clinics.orthanc.get("/studies/" + study))
                .path("ParentPatient")
                .asText();
        return path.replace("PATIENT", "/patients/" + patient)
                .replace("SHARED", study)
                .replace("SERIES", "/series/" + study.replace('a', 'b').replace('1', '2'))
                .replace("INSTANCE", "/instances/" + study.replace('a', 'c').replace('1', '3'));
    }

    private JsonNode ask(String user, String uri) {
        return PlayedOrthanc.read(clinics.ask(user, HttpMethod.GET, uri, "").body());
    }

    private void assertRefused(String user, HttpMethod method, String uri) {
        assertThatThrownBy(() -> clinics.ask(user, method, uri, ""))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
    }
}
