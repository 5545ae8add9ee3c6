package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.access.Shared;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.login.share.SharedStudies;

/** North has a second study of the patient whose first one is shared. */
class StudiesToShareTest {
    private static final Roles ROLES =
            Roles.of(Settings.parse("{\"Strongroom\": {\"Home\": \"/h\", \"RootKey\": {\"KeyFile\": \"/c\"}}}")
                    .access());

    private final TwoClinics clinics = new TwoClinics();
    private final String sameName = clinics.store("north", "P1", "ONE^NORTH", "1.9");
    private Optional<UUID> key = Optional.of(new UUID(1, 2));
    private boolean searches = true;
    private final SharedStudies studies = new StudiesToShare(
            clinics.access,
            new Shown(clinics.orthanc),
            clinics.orthanc,
            clinics.studies,
            (patient, study) -> key,
            new Viewers("/dicom-web", true, () -> searches),
            true);

    private static Principal user(String role, String tenant) {
        return ROLES.principal(role, List.of(tenant), List.of(role), List.of());
    }

    private Principal link(String study, boolean download) {
        return user("radiologist", "north").sharing("share:1", new Shared("north", study), download);
    }

    @Test
    void whatIsSharedIsWhatItsMakerMaySee() {
        Principal radiologist = user("radiologist", "north");
        assertThat(studies.mayShare(radiologist, clinics.norths)).isTrue();
        assertThat(studies.mayShare(radiologist, clinics.souths)).isFalse();
        assertThat(studies.mayShare(radiologist, "../system")).isFalse();
        for (String role : List.of("technologist", "referrer", "billing", "auditor", "administrator")) {
            assertThat(studies.mayShare(user(role, "north"), clinics.norths))
                    .as(role)
                    .isFalse();
        }
        assertThat(studies.mayShare(link(clinics.norths, true), clinics.norths)).isFalse();
        assertThat(studies.download(link(clinics.norths, true), clinics.norths))
                .contains("studies/" + clinics.norths + "/archive");
        assertThat(studies.download(link(clinics.norths, false), clinics.norths))
                .isEmpty();
        assertThat(studies.download(link(clinics.norths, true), sameName)).isEmpty();
    }

    /** Orthanc keeps one patient for all who have this PatientID, often an empty one, with the tags that came first. */
    @Test
    void itsPatientIsTheOneInItsImages() {
        String another = clinics.store("north", "P1", "ANOTHER^PERSON", "1.5");
        assertThat(studies.describe(link(another, false), another)).isEqualTo("ANOTHER^PERSON");
        assertThat(studies.describe(user("radiologist", "north"), another))
                .as("as Orthanc shows it to everybody else")
                .isEqualTo("ONE^NORTH");
    }

    @Test
    void aStudyIsKnownByItsTenantAndKey() {
        assertThat(studies.known(clinics.norths)).contains(new SharedStudies.Known("north", new UUID(1, 2).toString()));
        key = Optional.empty();
        assertThat(studies.known(clinics.norths)).contains(new SharedStudies.Known("north", ""));
        assertThat(studies.known(clinics.norths.replace('-', '/'))).isEmpty();
        clinics.orthanc.delete("/studies/" + clinics.norths);
        assertThat(studies.known(clinics.norths)).isEmpty();
    }

    /** It is out of Orthanc in a moment, and says nothing of the study. */
    @Test
    void whatAnotherTenantSendsIntoTheStudyEndsNothing() {
        byte[] patient = "P1".getBytes(StandardCharsets.US_ASCII);
        byte[] uid = "1.1".getBytes(StandardCharsets.US_ASCII);
        assertThat(clinics.studies.claim("south", UUID.randomUUID(), Set::of, patient, uid))
                .isEqualTo("quarantine");
        assertThatThrownBy(() -> studies.known(clinics.norths))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
    }

    /** While it starts, Orthanc seems to have nothing. */
    @Test
    void nothingIsGoneWhileOrthancDoesNotAnswer() {
        clinics.orthanc.failing.put("/studies/" + clinics.norths, FailureKind.NOT_FOUND);
        clinics.orthanc.failing.put("/system", FailureKind.UNAVAILABLE);
        assertThatThrownBy(() -> studies.known(clinics.norths)).isInstanceOf(StrongroomException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'dicom-web,web-viewer,ohif,stone-webviewer', stone-webviewer/index.html?study=1.1",
        "'dicom-web,web-viewer,ohif', ohif/viewer?StudyInstanceUIDs=1.1",
        "'dicom-web,web-viewer', web-viewer/app/viewer.html?series=",
        "'stone-webviewer,web-viewer', web-viewer/app/viewer.html?series=",
        "dicom-web, ''",
    })
    void itOpensInTheViewerAtHand(String plugins, String address) {
        clinics.orthanc.plugins = List.of(plugins.split(",", -1));
        String viewer =
                studies.viewer(link(clinics.norths, false), clinics.norths).orElse("");
        assertThat(viewer.replaceFirst("series=.*", "series=")).isEqualTo(address);
        assertThat(studies.viewer(link(clinics.norths, false), sameName)).isEmpty();
        searches = false;
        assertThat(studies.viewer(link(clinics.norths, false), clinics.norths).orElse(""))
                .as("one that would find nothing is not at hand")
                .doesNotContain("stone", "ohif");
    }

    @Test
    void withoutAViewerThereAreItsSeries() {
        List<SharedStudies.Series> series = studies.series(link(clinics.norths, false), clinics.norths);
        assertThat(series).singleElement().satisfies(one -> {
            assertThat(one.title()).isEqualTo("CT");
            assertThat(one.viewer()).isEmpty();
            assertThat(one.images()).hasSize(1);
        });
        assertThat(studies.series(link(clinics.norths, false), sameName)).isEmpty();
        assertThat(studies.describe(link(clinics.norths, false), clinics.norths))
                .isEqualTo("ONE^NORTH");
        assertThat(studies.describe(link(clinics.norths, false), sameName)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /studies/{norths}, true, true",
        "GET, /studies/{norths}/series, true, true",
        "GET, /patients/{patient}, true, true",
        "GET, /studies/{norths}/archive, false, true",
        "GET, /studies/{norths}/media, false, true",
        "GET, '/tools/create-archive?resources={norths}', false, false",
        "GET, '/tools/create-media?resources={norths}', false, true",
        "GET, '/tools/create-archive?resources={norths},{other}', false, false",
        "GET, /dicom-web/studies/1.1/metadata, true, true",
        "GET, /dicom-web/studies/1.1/rendered, true, true",
        "GET, /dicom-web/studies/1.9/metadata, false, false",
        "GET, /dicom-web/studies/1.9/rendered, false, false",
        "GET, /studies/{other}, false, false",
        "GET, /studies/{other}/series, false, false",
        "GET, /studies/{souths}, false, false",
        "GET, /patients/{patient}/labels, false, false",
        "GET, /patients/{patient}/archive, false, false",
        "GET, /patients/{patient}/instances, false, false",
        "GET, /studies/{norths}/patient, true, true",
        "GET, /studies/{other}/patient, false, false",
        "GET, /patients/{patient}/studies, true, true",
        "GET, /studies, true, true",
        "POST, /tools/find, true, true",
        "GET, /dicom-web/studies, true, true",
        "GET, /changes, false, false",
        "GET, /exports, false, false",
        "GET, /statistics, true, true",
        "GET, /jobs, false, false",
        "GET, /modalities, false, false",
        "POST, /instances, false, false",
        "POST, /dicom-web/studies, false, false",
        "DELETE, /studies/{norths}, false, false",
        "PUT, /studies/{norths}/labels/x, false, false",
        "POST, /studies/{norths}/modify, false, false",
        "GET, /strongroom/account, false, false",
        "GET, /strongroom/emergency, false, false",
        "GET, '/strongroom/share?study={norths}', false, false",
        "GET, /strongroom/share, false, false",
        "GET, /strongroom/shared, true, true",
        "GET, /strongroom/logout, true, true",
        "GET, /strongroom/status, false, false",
    })
    void whatPassesForWhoHoldsALink(HttpMethod method, String uri, boolean look, boolean download) {
        String patient = PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.norths))
                .path("ParentPatient")
                .asText();
        String named = uri.replace("{norths}", clinics.norths)
                .replace("{other}", sameName)
                .replace("{souths}", clinics.souths)
                .replace("{patient}", patient);
        assertThat(passes("north-radiologist-link", method, named)).isEqualTo(look);
        assertThat(passes("north-radiologist-link-download", method, named)).isEqualTo(download);
    }

    private boolean passes(String user, HttpMethod method, String uri) {
        String[] halves = uri.split("\\?", 2);
        return clinics.gate
                .decide(new HttpFilter.Question(
                        method,
                        halves[0],
                        "10.0.0.7",
                        TwoClinics.arguments(halves.length < 2 ? "" : halves[1]),
                        Map.of(TwoClinics.USER, user)))
                .isAllowed();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /studies | ''",
                "GET | /studies?expand | ''",
                "GET | /patients?expand | ''",
                "GET | /series | ''",
                "POST | /tools/find | {'Level': 'Study', 'Query': {}, 'Expand': true}",
                "POST | /tools/find | {'Level': 'Patient', 'Query': {'PatientID': 'P1'}, 'Expand': true}",
                "POST | /tools/find | {'Level': 'Instance', 'Query': {'PatientID': '*'}}",
                "GET | /dicom-web/studies | ''",
                "GET | /dicom-web/series?includefield=all | ''",
                "GET | /dicom-web/instances?includefield=all | ''",
            })
    void everyListHasThatStudyAlone(HttpMethod method, String uri, String body) {
        RestAnswerText answer = ask(method, uri, body.replace('\'', '"'));
        assertThat(answer.list()).hasSize(1);
        assertThat(answer.text())
                .doesNotContain(sameName, clinics.northsOther, clinics.souths, "\"1.9", "NORTH^TWO", "SOUTH");
    }

    @Test
    void whatOthersHaveIsNeitherFoundNorCounted() {
        assertThat(ask(HttpMethod.POST, "/tools/count-resources", "{\"Level\": \"Study\", \"Query\": {}}")
                        .text())
                .contains("\"Count\":1");
        assertThat(ask(HttpMethod.POST, "/tools/lookup", "1.9").list()).isEmpty();
        assertThat(ask(HttpMethod.POST, "/tools/lookup", "1.1").list()).hasSize(1);
        assertThat(ask(HttpMethod.POST, "/tools/lookup", "P1").text()).doesNotContain(sameName);
        assertThatThrownBy(() -> ask(HttpMethod.GET, "/changes", ""))
                .as("its numbers count what happens in the whole Orthanc")
                .isInstanceOf(StrongroomException.class);
        JsonNode patient = ask(
                        HttpMethod.GET,
                        "/patients/"
                                + PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.norths))
                                        .path("ParentPatient")
                                        .asText(),
                        "")
                .json();
        assertThat(patient.path("Studies")).hasSize(1);
        assertThat(patient.path("Labels")).isEmpty();
    }

    private record RestAnswerText(String text, JsonNode json) {
        List<JsonNode> list() {
            List<JsonNode> all = new ArrayList<>();
            json.forEach(all::add);
            return all;
        }
    }

    private RestAnswerText ask(HttpMethod method, String uri, String body) {
        byte[] answer = clinics.ask("north-radiologist-link", method, uri, body).body();
        return new RestAnswerText(new String(answer, StandardCharsets.UTF_8), PlayedOrthanc.read(answer));
    }
}
