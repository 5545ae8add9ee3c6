package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;

class QidoTest {
    private static final String STUDY_UID = "0020000D";

    private final TwoClinics clinics = new TwoClinics();

    @Test
    void eachFindsTheirStudies() {
        assertThat(studies("north-radiologist", "")).containsExactly("1.0", "1.1", "1.2");
        assertThat(studies("south-radiologist", "")).containsExactly("2.0", "2.1");
        assertThat(studies("south-billing", "?limit=100&fuzzymatching=true")).containsExactly("2.0", "2.1");
        assertThat(studies("south-radiologist", "?StudyInstanceUID=1.1")).isEmpty();
        assertThat(studies("south-radiologist", "?0020000d=2.1")).containsExactly("2.1");
        assertThat(text("south-radiologist", "/dicom-web/studies?includefield=all"))
                .contains("SHARED^SOUTH", "pacs:8042/dicom-web/studies/2.0")
                .doesNotContain("NORTH", clinics.norths, clinics.northsShared);
    }

    /** A study has modalities, and no Modality that Orthanc would compare: it would find nothing. */
    @Test
    void studiesAreFoundByModality() {
        assertThat(json("south-radiologist", "/dicom-web/studies?Modality="))
                .hasSize(2)
                .allSatisfy(row -> assertThat(value(row, "00080060")).isEqualTo("CT"));
        studies("south-radiologist", "?Modality=MR");
        assertThat(clinics.orthanc.searched)
                .contains("\"ModalitiesInStudy\":\"MR\"")
                .doesNotContain("\"Modality\"");
        text("south-radiologist", "/dicom-web/series?Modality=MR");
        assertThat(clinics.orthanc.searched).contains("\"Modality\":\"MR\"");
        assertThatThrownBy(() -> studies("south-radiologist", "?Modality=MR&ModalitiesInStudy=CT"))
                .hasMessageContaining("both");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1.0", "1, 1, 1.1", "1, 5, 1.1 1.2", "3, 1, ''", "0, 0, 1.0 1.1 1.2"})
    void pagesAreOfTheCallersStudies(int offset, int limit, String uids) {
        assertThat(String.join(" ", studies("north-radiologist", "?offset=" + offset + "&limit=" + limit)))
                .isEqualTo(uids);
    }

    @Test
    void thatThereIsMoreIsSaid() {
        assertThat(ask("north-radiologist", "/dicom-web/studies?limit=2")
                        .headers()
                        .toString())
                .contains("299", "additional results");
        assertThat(ask("north-radiologist", "/dicom-web/studies?limit=3").headers())
                .isEmpty();
    }

    @Test
    void aStudyIsDescribedAsDicomJson() {
        RestAnswer answer = ask("north-billing", "/dicom-web/studies?StudyInstanceUID=1.1");
        assertThat(answer.contentType()).isEqualTo("application/dicom+json");
        assertThat(PlayedOrthanc.read(answer.body()))
                .isEqualTo(PlayedOrthanc.read(
                        """
                [{"00080005": {"vr": "CS", "Value": ["ISO_IR 192"]},
                  "00080056": {"vr": "CS", "Value": ["ONLINE"]},
                  "00080061": {"vr": "CS", "Value": ["CT"]},
                  "00080201": {"vr": "SH", "Value": ["+0100"]},
                  "00081190": {"vr": "UR", "Value": ["http://pacs:8042/dicom-web/studies/1.1"]},
                  "00100010": {"vr": "PN", "Value": [{"Alphabetic": "ONE^NORTH"}]},
                  "00100020": {"vr": "LO", "Value": ["P1"]},
                  "0020000D": {"vr": "UI", "Value": ["1.1"]},
                  "00201206": {"vr": "IS", "Value": [1]},
                  "00201208": {"vr": "IS", "Value": [1]}}]
                """
                                .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void seriesAndInstancesOfAStudy() {
        JsonNode series = json("north-radiologist", "/dicom-web/studies/1.1/series");
        assertThat(series).hasSize(1);
        assertThat(value(series.get(0), "00200011")).isEqualTo("7");
        assertThat(value(series.get(0), "00201209")).isEqualTo("1");
        assertThat(value(series.get(0), "00081190")).endsWith("/dicom-web/studies/1.1/series/1.1.1");
        assertThat(series.get(0).has("00100010")).isTrue();
        JsonNode all = json("north-radiologist", "/dicom-web/series");
        assertThat(all).hasSize(3);
        assertThat(value(all.get(0), STUDY_UID)).isEqualTo("1.0");
        assertThat(all.get(0).has("00100010")).isTrue();

        for (String uri : List.of("/studies/1.1/series/1.1.1/instances", "/studies/1.1/instances", "/instances")) {
            JsonNode image = json(
                            "north-radiologist",
                            "/dicom-web" + uri + "?limit=2&offset=" + (uri.equals("/instances") ? 1 : 0))
                    .get(0);
            assertThat(value(image, "00280010")).isEqualTo("512");
            assertThat(value(image, "00200013")).isEqualTo("x");
            assertThat(value(image, "00081190")).endsWith("/dicom-web/studies/1.1/series/1.1.1/instances/1.1.1.1");
            assertThat(value(image, "00200011")).isEqualTo("7");
            assertThat(image.has("00100010")).isTrue();
            assertThat(image.has("00180050")).isFalse();
        }
        assertRefused("south-radiologist", HttpMethod.GET, "/dicom-web/studies/1.1/series");
        assertRefused("south-radiologist", HttpMethod.GET, "/dicom-web/studies/2.1/series/1.1.1/instances");
    }

    /** Billing may know which images there are; what else a file says, it may not. */
    @Test
    void tagsOfTheFileAreForWhoMayReadThem() {
        String of = "/dicom-web/studies/1.1/instances";
        JsonNode image = json("north-radiologist", of + "?includefield=00180050,SOPClassUID")
                .get(0);
        assertThat(value(image, "00180050")).isEqualTo("1.25");
        JsonNode billed = json("north-billing", of).get(0);
        assertThat(value(billed, "00080016")).isEqualTo("1.2.840.10008.5.1.4.1.1.2");
        assertThat(billed.has("00280010")).isFalse();
        assertThat(json("north-billing", of + "?includefield=00180050").get(0)).isEqualTo(billed);
        assertThat(text("south-radiologist", "/dicom-web/studies/2.0/series?includefield=00081090"))
                .contains("Model of SHARED^SOUTH");
    }

    /** Orthanc knows the shared patient by the name that north has sent: a match would tell south that name. */
    @Test
    void aSearchTellsNothingOfAnothersTags() {
        assertThat(studies("south-radiologist", "?PatientName=SHARED%5ENORTH")).isEmpty();
        assertThat(studies("south-radiologist", "?PatientName=ONE%5ESOUTH")).containsExactly("2.1");
        assertThat(studies("south-radiologist", "?PatientID=P0")).containsExactly("2.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dicom-web/studies?Rows=512",
                "/dicom-web/studies?limit=x",
                "/dicom-web/studies?offset=-1",
                "/dicom-web/studies?_method=DELETE",
            })
    void whatIsNotUnderstoodIsRefused(String uri) {
        assertRefused("north-radiologist", HttpMethod.GET, uri);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PatientComments=x", "00104000=x", "ReferencedFrameOfReferenceUID=x", "LIMIT=1"})
    void whatIsNotKnownIsABadRequest(String argument) {
        assertThat(ask("north-radiologist", "/dicom-web/studies?" + argument).status())
                .isEqualTo(400);
        assertRefused("auditor-auditor", HttpMethod.GET, "/dicom-web/studies?" + argument);
    }

    @Test
    void aSlashAtTheEndDoesNotMatter() {
        for (String uri : List.of("/dicom-web/studies", "/dicom-web/studies/1.1/series")) {
            assertThat(passes(uri + "/")).isTrue();
            assertThat(json("north-radiologist", uri + "/")).isEqualTo(json("north-radiologist", uri));
        }
        assertThat(passes("/dicom-web/")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0,1.2", "1.0%5C1.2", "1.0\\1.2", "1.0%2C1.2"})
    void aListOfIdentifiersHasCommasOrBackslashes(String uids) {
        assertThat(studies("north-radiologist", "?StudyInstanceUID=" + uids)).containsExactly("1.0", "1.2");
    }

    /** What Orthanc has not told, no file has; and a study has no slice thickness. */
    @ParameterizedTest
    @ValueSource(strings = {"AccessionNumber", "StudyDescription,Modality", "00080050", "SliceThickness,Rows"})
    void aStudyListReadsNoFileForWhatTheIndexTells(String fields) {
        studies("north-radiologist", "?includefield=" + fields);
        assertThat(clinics.orthanc.uris).noneMatch(uri -> uri.endsWith("/tags"));
        studies("north-radiologist", "?includefield=NameOfPhysiciansReadingStudy");
        assertThat(clinics.orthanc.uris).contains(PlayedOrthanc.tags(clinics.norths));
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void aFileThatCannotBeReadDoesNotHideTheRest(FailureKind kind) {
        clinics.orthanc.failing.put(PlayedOrthanc.tags(clinics.norths), kind);
        assertThat(studies("north-radiologist", "?includefield=NameOfPhysiciansReadingStudy"))
                .containsExactly("1.0", "1.1", "1.2");
        JsonNode image = json("north-radiologist", "/dicom-web/studies/1.1/instances");
        assertThat(value(image.get(0), "00080018")).isEqualTo("1.1.1.1");
        assertThat(image.get(0).has("00280010")).isFalse();
    }

    /** A viewer would show a part of a series as the whole. */
    @ParameterizedTest
    @CsvSource({
        "/studies/1.1/series/1.1.1/instances, 1006",
        "/instances?0020000D=1.1&SeriesInstanceUID=1.1.1, 1006",
        "/studies/1.1/series/1.1.1/instances?limit=1003, 1003",
        "/studies/1.1/series/1.1.1/instances?offset=1000, 6",
        "/studies/1.1/instances, 1000",
        "/instances?0020000E=1.1.1, 1000",
        "'/instances?0020000D=1.1&0020000E=1.1.1,1.0.1', 1000",
        "/instances?limit=5000, 1000"
    })
    void aSeriesIsAnsweredWhole(String uri, int rows) {
        clinics.orthanc.fill(clinics.norths, 1005);
        RestAnswer answer = ask("north-billing", "/dicom-web" + uri);
        assertThat(PlayedOrthanc.read(answer.body())).hasSize(rows);
        assertThat(answer.headers().isEmpty()).isEqualTo(rows != 1000 && rows != 1003);
    }

    @Test
    void otherMethodsAndWhoMayNotAreRefused() {
        assertRefused("north-radiologist", HttpMethod.POST, "/dicom-web/studies");
        assertRefused("auditor-auditor", HttpMethod.GET, "/dicom-web/studies");
        assertRefused("", HttpMethod.GET, "/dicom-web/studies");
    }

    @Test
    void whereAnotherPluginAnswersFirstTheGateIsClosed() {
        assertThat(passes("/dicom-web/studies")).isTrue();
        TwoClinics second = new TwoClinics();
        second.isFirst = false;
        assertThat(passes(second, "/dicom-web/studies")).isFalse();
        assertThat(passes(second, "/dicom-web/instances")).isFalse();
        assertThat(passes(second, "/studies")).isTrue();
    }

    @Test
    void rowsAreTheSameWhereOrthancsSearchesTakeNoParent() {
        TwoClinics older = new TwoClinics(10_000, 10_000, false);
        byte[] rows = older.ask("north-radiologist", HttpMethod.GET, "/dicom-web/studies", "")
                .body();
        assertThat(older.orthanc.uris).anyMatch(uri -> uri.endsWith("/series"));
        clinics.orthanc.uris.clear();
        assertThat(json("north-radiologist", "/dicom-web/studies")).isEqualTo(PlayedOrthanc.read(rows));
        assertThat(clinics.orthanc.uris).noneMatch(uri -> uri.endsWith("/series"));
    }

    @Test
    void changesAreTheCallersAndTheirNumbersOrthancs() {
        JsonNode page = json("south-radiologist", "/changes?since=3&limit=100");
        assertThat(page.path("Last").asInt()).isEqualTo(4711);
        assertThat(page.path("Done").asBoolean(true)).isFalse();
        assertThat(page.has("Secret")).isFalse();
        List<String> changed = new ArrayList<>();
        page.path("Changes")
                .forEach(change -> changed.add(change.path("ChangeType").asText()));
        // Not of the patient whom north has as well.
        assertThat(changed).containsExactly("NewStudy", "NewSeries", "NewPatient", "NewStudy", "NewSeries");
        assertThat(page.toString())
                .contains(clinics.southsShared, clinics.souths)
                .doesNotContain(clinics.norths);
        assertRefused("auditor-auditor", HttpMethod.GET, "/changes");
        assertRefused("north-radiologist", HttpMethod.DELETE, "/changes");
        assertRefused("north-radiologist", HttpMethod.GET, "/changes?x=1");
        assertThat(passes("/changes?last")).isTrue();
        assertThat(passes("/changes?x")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "1000, 1000", "1001, 1000", "4294967295, 1000", "0, 1000"})
    void aPageOfChangesIsBounded(String limit, String asked) {
        ask("south-radiologist", "/changes?since=3&limit=" + limit);
        assertThat(clinics.orthanc.history).isEqualTo("/changes?since=3&limit=" + asked);
        assertRefused("south-radiologist", HttpMethod.GET, "/changes?limit=-1");
    }

    private boolean passes(String uri) {
        return passes(clinics, uri);
    }

    private static boolean passes(TwoClinics clinics, String uri) {
        String[] halves = uri.split("\\?", 2);
        return clinics.gate
                .decide(new HttpFilter.Question(
                        HttpMethod.GET,
                        halves[0],
                        "10.0.0.1",
                        TwoClinics.arguments(halves.length < 2 ? "" : halves[1]),
                        Map.of(TwoClinics.USER, "north-radiologist")))
                .isAllowed();
    }

    private void assertRefused(String user, HttpMethod method, String uri) {
        assertThatThrownBy(() -> clinics.ask(user, method, uri, ""))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
    }

    private List<String> studies(String user, String query) {
        List<String> uids = new ArrayList<>();
        json(user, "/dicom-web/studies" + query).forEach(row -> uids.add(value(row, STUDY_UID)));
        return uids;
    }

    private static String value(JsonNode row, String tag) {
        return row.path(tag).path("Value").path(0).asText();
    }

    private JsonNode json(String user, String uri) {
        return PlayedOrthanc.read(ask(user, uri).body());
    }

    private String text(String user, String uri) {
        return new String(ask(user, uri).body(), StandardCharsets.UTF_8);
    }

    private RestAnswer ask(String user, String uri) {
        return clinics.ask(user, HttpMethod.GET, uri, "");
    }
}
