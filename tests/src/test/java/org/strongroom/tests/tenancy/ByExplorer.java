package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Rest;

/** What Orthanc Explorer asks, and Orthanc Explorer 2, in their words: each page shows what is the user's, and nothing else. */
record ByExplorer(TwoClinicsPacs pacs, Rest rest, Debian debian) {
    /** By jQuery, with every GET. */
    private static final String TIME = "_=1796040000000";

    /** Of a patient of both clinics as well, by the name that this one has sent. */
    void everyPageIsShown(String user, String name, Named theirs) {
        for (String list : List.of("/patients", "/studies")) {
            JsonNode page = get(user, list + "?expand&since=0&limit=101&full&" + TIME);
            assertThat(names(page)).as(list).contains(name);
            assertThat(page.toString()).as(list).doesNotContain(others(user));
        }
        for (String path : List.of(
                "/patients/{patient}?full",
                "/patients/{patient}/studies?full",
                "/studies/{study}?full",
                "/studies/{study}/patient?full")) {
            JsonNode page = get(user, theirs.fill(path) + "&" + TIME);
            assertThat(names(page)).as(path).contains(name);
            assertThat(page.toString()).as(path).doesNotContain(others(user));
            JsonNode brief = get(user, theirs.fill(path).replace("full", "short"));
            assertThat(brief.findValuesAsText("0010,0010")).as(path).contains(name);
        }
        for (String path : List.of(
                "/system",
                "/plugins",
                "/modalities",
                "/peers",
                "/jobs?expand",
                "/patients/{patient}/series?full",
                "/studies/{study}/series?full",
                "/series/{series}?full",
                "/series/{series}/instances?full",
                "/instances/{instance}?full",
                "/instances/{instance}/tags",
                "/instances/{instance}/header",
                "/instances/{instance}/metadata?expand",
                "/instances/{instance}/frames")) {
            JsonNode page = get(user, theirs.fill(path) + (path.contains("?") ? "&" : "?") + TIME);
            assertThat(page.toString()).as(path).doesNotContain(others(user));
        }
        JsonNode found = pacs.search(
                rest,
                user,
                """
                {"Level": "Study", "Expand": true, "Limit": 101, "Query": {"StudyDate": "", "PatientName": "%s"}, "Full": true}"""
                        .formatted(name));
        assertThat(names(found)).containsExactly(name);
        assertThat(found).hasSize(1);
        assertThat(lasting(found.get(0))).isEqualTo(lasting(get(user, theirs.fill("/studies/{study}?full"))));
    }

    /** From 1.12.5 on Orthanc knows these; before, it passes over what it does not know, and Strongroom over an order. */
    void searchesShowWhatIsAskedFor(String user, String name, Named theirs) {
        JsonNode images = pacs.search(
                rest,
                user,
                theirs.fill(
                        """
                        {"Level": "Instance", "Limit": 50, "Query": {}, "Expand": true, "ParentSeries": "{series}",
                         "OrderBy": [{"Type": "MetadataAsInt", "Key": "IndexInSeries", "Direction": "ASC"}]}"""));
        assertThat(images.findValuesAsText("ID")).contains(theirs.ids().get("instance"));
        if (debian != Debian.BOOKWORM) {
            assertThat(images).hasSize(1);
        }
        Map<String, List<String>> parts = Map.of(
                "\"MainDicomTags\"", List.of("MainDicomTags", "PatientMainDicomTags"),
                "\"Children\", \"Parent\"", List.of("Series", "ParentPatient"),
                "\"IsStable\", \"Metadata\"", List.of("IsStable", "Metadata"),
                "", List.of());
        parts.forEach((content, members) -> {
            JsonNode found = pacs.search(
                    rest,
                    user,
                    theirs.fill("{\"Level\": \"Study\", \"Query\": {\"StudyInstanceUID\": \"{study-uid}\"},"
                            + " \"ResponseContent\": [" + content + "]}"));
            assertThat(found).as(content).hasSize(1);
            List<String> shown = new ArrayList<>();
            found.get(0).fieldNames().forEachRemaining(shown::add);
            assertThat(shown)
                    .as(content)
                    .contains("ID", "Type")
                    .hasSize(2 + members.size())
                    .containsAll(members);
            if (members.contains("MainDicomTags")) {
                assertThat(found.toString()).contains(name).doesNotContain(others(user));
            }
        });
    }

    /** By what is below it, no patient is found. What Orthanc does not take is no reason to ask again. */
    void whatOrthancDoesNotTakeIsRefusedForGood(String user) {
        for (String tag : List.of("Modality", "ModalitiesInStudy", "StudyDate")) {
            String search = "{\"Level\": \"Patient\", \"Query\": {\"" + tag + "\": \"CT\"}}";
            assertThat(pacs.search(rest, user, search)).as(tag).isEmpty();
        }
        for (String query : List.of("\"StudyDate\": \"2026*\"", "\"StudyInstanceUID\": \"2.25.*\"")) {
            String search = "{\"Level\": \"Study\", \"Query\": {" + query + "}}";
            HttpResponse<byte[]> answer = pacs.send(rest, user, "POST", "/tools/find", search);
            assertThat(answer.statusCode()).as(query).isEqualTo(403);
        }
    }

    /** A report, as Orthanc Explorer 2 adds one; and what Orthanc keeps of a study, written anew. */
    void anImageIsMadeInOnesOwnStudyOnly(Named norths, Named souths) {
        String again = TwoClinicsPacs.NORTH + ".40";
        pacs.upload(rest, "north-tech", TwoClinicsPacs.image("SHARED", "SHARED^NORTHERN", again, again + ".1"));
        Named sharedNorths = Named.of(pacs, rest, "north-rad", again);
        String report =
                """
                {"Parent": "{study}", "Tags": {"Modality": "OT", "SeriesDescription": "report"},
                 "Content": "data:application/pdf;base64,JVBERi0xLjQKJSVFT0YK"}""";
        for (Named other : List.of(souths, Named.NOWHERE)) {
            assertThat(post("north-tech", "/tools/create-dicom", other.fill(report)))
                    .isEqualTo(403);
            assertThat(post("north-tech", other.fill("/studies/{study}/reconstruct"), "{}"))
                    .isEqualTo(403);
        }
        assertThat(post("north-tech", "/tools/create-dicom", norths.fill(report)))
                .isEqualTo(200);
        assertThat(post("north-tech", "/tools/create-dicom", "{\"Tags\": {\"PatientName\": \"X\"}}"))
                .as("of a study of its own")
                .isEqualTo(403);
        assertThat(post("north-billing", "/tools/create-dicom", norths.fill(report)))
                .isEqualTo(403);
        String made = pacs.posted(rest, "north-tech", "/tools/create-dicom", sharedNorths.fill(report))
                .path("Path")
                .asText();
        assertThat(get("north-rad", made + "/study").path("ID").asText())
                .isEqualTo(sharedNorths.ids().get("study"));
        assertThat(get("north-rad", made + "/simplified-tags")
                        .path("PatientName")
                        .asText())
                .isEqualTo("SHARED^NORTHERN");
        assertThat(pacs.send(rest, "south-rad", "GET", made).statusCode()).isEqualTo(403);

        String note = norths.fill("/studies/{study}/metadata/4321");
        assertThat(pacs.send(rest, "north-tech", "PUT", note, "seen").statusCode())
                .isEqualTo(200);
        assertThat(AnswerText.text(pacs.send(rest, "north-rad", "GET", note))).endsWith("seen");
        assertThat(pacs.send(rest, "north-tech", "PUT", note.replace("4321", "7"), "x")
                        .statusCode())
                .as("Orthanc's own")
                .isNotEqualTo(200);
        assertThat(post("north-tech", norths.fill("/studies/{study}/reconstruct"), "{}"))
                .isEqualTo(200);
        assertThat(post("north-tech", sharedNorths.fill("/studies/{study}/reconstruct"), "{}"))
                .as("of a patient of both")
                .isEqualTo(403);
    }

    private int post(String user, String uri, String body) {
        return pacs.send(rest, user, "POST", uri, body).statusCode();
    }

    private JsonNode get(String user, String uri) {
        HttpResponse<byte[]> answer = pacs.send(rest, user, "GET", uri);
        assertThat(answer.statusCode()).as(uri).isEqualTo(200);
        return Rest.parse(answer.body());
    }

    /** Without what changes once nothing has come for a while. */
    private static JsonNode lasting(JsonNode row) {
        return ((ObjectNode) row).without(List.of("IsStable", "LastUpdate"));
    }

    private static List<String> names(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.findValues("0010,0010").forEach(tag -> names.add(tag.path("Value").asText()));
        return names;
    }

    private String[] others(String user) {
        return pacs.othersThan(user.replaceFirst("-.*", "")).toArray(new String[0]);
    }
}
