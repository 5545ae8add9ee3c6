package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.OrthancSetup;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Scratch;

/** What users of two clinics have their Orthanc do: jobs, new studies made of old ones, and what is sent to and fetched from another archive. */
record ByOrder(TwoClinicsPacs pacs, OrthancProcess orthanc) {
    private static final String ARCHIVED = TwoClinicsPacs.NORTH + ".4";

    /**
     * @param norths Orthanc's id of a study of north's alone
     * @param northsShared of one of a patient of both
     * @param souths of one of south's
     */
    void isDoneWithWhatIsTheirs(String norths, String northsShared, String souths) {
        String mended = whatIsModifiedStaysInItsClinic(norths, northsShared, souths);
        whoIsMadeAnonymousStaysInTheirClinic(norths);
        String parted = oneIsMergedIntoAnother(norths, mended, souths);
        nothingIsDeletedUnlessAllOfItIsTheirs(parted, souths);
        anArchiveIsAskedAndFilled(norths, souths);
        northsPeerIsSentWhatIsNorths(norths, souths);
    }

    private void northsPeerIsSentWhatIsNorths(String norths, String souths) {
        try (Scratch scratch = new Scratch();
                OrthancProcess peer = new OrthancSetup(Debian.TRIXIE, scratch)
                        .set("HttpPort", Integer.toString(pacs.peerPort()))
                        .start()) {
            assertThat(json("north-rad", "/peers").toString()).isEqualTo("[\"north-peer\"]");
            assertThat(json("south-rad", "/peers")).isEmpty();
            String store = "/peers/north-peer/store";
            assertThat(order("north-rad", store, "[\"" + norths + "\", \"" + souths + "\"]")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(order("south-rad", store, souths).statusCode()).isEqualTo(403);
            assertThat(order("north-rad", "/peers/souths-peer/store", norths).statusCode())
                    .isEqualTo(403);
            assertThat(peer.rest().json("/studies")).isEmpty();
            HttpResponse<byte[]> sent = order("north-rad", store, norths);
            assertThat(sent.statusCode()).isEqualTo(200);
            assertThat(new String(sent.body(), StandardCharsets.UTF_8)).doesNotContain("127.0.0.1");
            assertThat(peer.rest().json("/studies")).hasSize(1);
        }
    }

    private String whatIsModifiedStaysInItsClinic(String norths, String northsShared, String souths) {
        String body = "{\"Replace\": {\"StudyDescription\": \"mended\"}}";
        assertThat(order("north-tech", "/studies/" + souths + "/modify", body).statusCode())
                .isEqualTo(403);
        assertThat(order("north-rad", "/studies/" + norths + "/modify", body).statusCode())
                .as("no technologist")
                .isEqualTo(403);
        String intoSouths =
                "{\"Replace\": {\"StudyInstanceUID\": \"" + TwoClinicsPacs.SOUTH + ".1\"}, \"Force\": true}";
        assertThat(order("north-tech", "/studies/" + norths + "/modify", intoSouths)
                        .statusCode())
                .isEqualTo(403);
        String shared = made("north-tech", "/studies/" + northsShared + "/modify", body);
        onlyNorthSees(shared);
        String mended = made("north-tech", "/studies/" + norths + "/modify", body);
        onlyNorthSees(mended);
        assertThat(json("north-rad", "/studies/" + mended)
                        .path("MainDicomTags")
                        .path("StudyDescription")
                        .asText())
                .isEqualTo("mended");
        return mended;
    }

    private void whoIsMadeAnonymousStaysInTheirClinic(String norths) {
        JsonNode started =
                Rest.parse(order("north-tech", "/studies/" + norths + "/anonymize", "{\"Asynchronous\": true}")
                        .body());
        String job = started.path("Path").asText();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> json("north-tech", job).path("State").asText().equals("Success"));
        String anonymous = json("north-tech", job).path("Content").path("ID").asText();
        onlyNorthSees(anonymous);
        assertThat(json("north-rad", "/studies/" + anonymous).toString()).doesNotContain("NORTHERN", "ONE-NORTH");
        assertThat(json("north-tech", "/jobs").toString())
                .contains(started.path("ID").asText());
        assertThat(json("south-rad", "/jobs")).isEmpty();
        assertThat(pacs.send(rest(), "south-rad", "GET", job).statusCode()).isEqualTo(403);
        assertThat(order("south-rad", job + "/cancel", "{}").statusCode()).isEqualTo(403);
        assertThat(json("admin", job).path("State").asText()).isEqualTo("Success");
        assertThat(json("admin", job).has("Content")).isFalse();

        String together = "{\"Resources\": [\"" + norths + "\"], \"KeepSource\": true}";
        assertThat(order("north-tech", "/tools/bulk-anonymize", together).statusCode())
                .isEqualTo(200);
        assertThat(json("north-rad", "/studies")).hasSize(7);
    }

    /** And parted again; returns what was parted. */
    private String oneIsMergedIntoAnother(String norths, String mended, String souths) {
        JsonNode before = json("north-rad", "/studies/" + norths).path("Series");
        assertThat(order("north-tech", "/studies/" + norths + "/merge", "{\"Resources\": [\"" + souths + "\"]}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(order("north-tech", "/studies/" + norths + "/merge", "{\"Resources\": [\"" + mended + "\"]}")
                        .statusCode())
                .isEqualTo(200);
        JsonNode series = json("north-rad", "/studies/" + norths).path("Series");
        assertThat(series).hasSize(2);
        String merged = series.get(series.get(0).equals(before.get(0)) ? 1 : 0).asText();
        assertThat(pacs.send(rest(), "north-rad", "GET", "/studies/" + mended).statusCode())
                .isEqualTo(404);
        JsonNode parted =
                Rest.parse(order("north-tech", "/studies/" + norths + "/split", "{\"Series\": [\"" + merged + "\"]}")
                        .body());
        assertThat(json("north-rad", "/studies/" + norths).path("Series")).hasSize(1);
        String study = parted.path("TargetStudy").asText();
        onlyNorthSees(study);
        return study;
    }

    private void nothingIsDeletedUnlessAllOfItIsTheirs(String parted, String souths) {
        String both = "{\"Resources\": [\"" + parted + "\", \"" + souths + "\"]}";
        assertThat(order("north-tech", "/tools/bulk-delete", both).statusCode()).isEqualTo(403);
        onlyNorthSees(parted);
        assertThat(pacs.send(rest(), "south-rad", "GET", "/studies/" + souths).statusCode())
                .isEqualTo(200);
        assertThat(order("north-tech", "/tools/bulk-delete", "{\"Resources\": [\"" + parted + "\"]}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(pacs.send(rest(), "north-rad", "GET", "/studies/" + parted).statusCode())
                .isEqualTo(404);
    }

    private void anArchiveIsAskedAndFilled(String norths, String souths) {
        try (Scratch scratch = new Scratch();
                OrthancProcess archive = new OrthancSetup(Debian.TRIXIE, scratch)
                        .set("DicomPort", Integer.toString(pacs.archivePort()))
                        .set("DicomAet", "\"NORTH_PACS\"")
                        .modality("ORTHANC", orthanc.dicomPort())
                        .start()) {
            assertThat(json("north-rad", "/modalities").toString())
                    .contains("north-pacs", "north-ct")
                    .doesNotContain("south", "nobodys");
            String store = "/modalities/north-pacs/store";
            assertThat(order("north-rad", store, norths).statusCode()).isEqualTo(200);
            assertThat(order("north-rad", store, "[\"" + norths + "\", \"" + souths + "\"]")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(order("south-rad", store, souths).statusCode()).isEqualTo(403);
            assertThat(order("north-rad", "/modalities/south-ct/store", norths).statusCode())
                    .isEqualTo(403);
            assertThat(archive.rest().json("/studies")).hasSize(1);

            archive.rest().upload(TwoClinicsPacs.image("FOUR-NORTH", "FOUR^NORTHERN", ARCHIVED, ARCHIVED + ".1"));
            String ask = "/modalities/north-pacs/query";
            String question = "{\"Level\": \"Study\", \"Query\": {\"PatientID\": \"FOUR*\"}}";
            assertThat(order("south-rad", ask, question).statusCode()).isEqualTo(403);
            String query = Rest.parse(order("north-rad", ask, question).body())
                    .path("Path")
                    .asText();
            assertThat(json("north-rad", query + "/answers/0/content").toString())
                    .contains(ARCHIVED);
            assertThat(pacs.send(rest(), "south-rad", "GET", query + "/answers/0/content")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(json("north-rad", "/queries")).hasSize(1);
            assertThat(json("south-rad", "/queries")).isEmpty();
            assertThat(order("north-rad", query + "/answers/0/retrieve", "SOUTH_CT")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(order("north-rad", query + "/answers/0/retrieve", "{\"Synchronous\": true}")
                            .statusCode())
                    .isEqualTo(200);
            onlyNorthSees(
                    pacs.find(rest(), "north-rad", "Study", ARCHIVED).path(0).asText());
        }
    }

    private void onlyNorthSees(String study) {
        assertThat(pacs.send(rest(), "north-rad", "GET", "/studies/" + study).statusCode())
                .isEqualTo(200);
        assertThat(pacs.send(rest(), "south-rad", "GET", "/studies/" + study).statusCode())
                .isEqualTo(403);
        assertThat(json("south-rad", "/studies").toString()).doesNotContain(study);
    }

    /** What a modification has made. */
    private String made(String user, String path, String body) {
        HttpResponse<byte[]> answer = order(user, path, body);
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode made = Rest.parse(answer.body());
        assertThat(made.path("Type").asText()).isEqualTo("Study");
        return made.path("ID").asText();
    }

    private HttpResponse<byte[]> order(String user, String path, String body) {
        return pacs.send(rest(), user, "POST", path, body);
    }

    private JsonNode json(String user, String uri) {
        return pacs.json(rest(), user, uri);
    }

    private Rest rest() {
        return orthanc.rest();
    }
}
