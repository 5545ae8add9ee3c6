package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/** What becomes of north's patient ONE-NORTH, and of a study of theirs, while the processing of their images is restricted. */
final class ByRestriction {
    private static final String PATIENT = "ONE-NORTH";
    private static final String NAME = "ONE^NORTHERN";
    private static final String LATER = TwoClinicsPacs.NORTH + ".11";
    private static final String STUDY = "QueryRetrieveLevel=STUDY";
    private static final Pattern HOLD = Pattern.compile("Hold ([0-9a-f-]{36}) on");
    private static final Pattern LINK = Pattern.compile("<code>[^<]*(/strongroom/shared/[A-Za-z0-9_-]{43})</code>");

    private final TwoClinicsPacs pacs;
    private final Rest rest;
    private final ByDicom stations;
    private final String uid;
    private final String study;
    private final String instance;
    private final InTheBrowser er;
    private final InTheBrowser guest;
    private String hold = "";

    /** @param ids of the study, by the names of the placeholders of the route table */
    ByRestriction(TwoClinicsPacs pacs, OrthancProcess orthanc, Map<String, String> ids) {
        this.pacs = pacs;
        this.rest = orthanc.rest();
        this.stations = new ByDicom(pacs, orthanc);
        this.uid = ids.get("study-uid");
        this.study = ids.get("study");
        this.instance = ids.get("instance");
        this.er = pacs.logIn(rest, "north-er-rad");
        this.guest = guest();
    }

    /** Who has pressed a radiologist's link to the study. */
    private InTheBrowser guest() {
        HttpResponse<byte[]> made = pacs.logIn(rest, "north-rad")
                .act(
                        "/strongroom/share?study=" + study,
                        "make",
                        "study",
                        study,
                        "note",
                        "Dr. Doe",
                        "count",
                        "1",
                        "unit",
                        "hours");
        Matcher link = LINK.matcher(new String(made.body(), StandardCharsets.UTF_8));
        assertThat(link.find()).isTrue();
        return InTheBrowser.after(rest, InTheBrowser.press(rest, link.group(1)));
    }

    void restrict() {
        Matcher added = HOLD.matcher(pacs.cli(hold("add", "--restrict", "--patient", PATIENT))
                .orFail()
                .output());
        assertThat(added.find()).isTrue();
        hold = added.group(1);
    }

    void lift() {
        pacs.cli(hold("remove", hold)).orFail();
    }

    private static Object[] hold(String... words) {
        List<Object> all = new ArrayList<>(List.of("hold"));
        all.addAll(List.of(words));
        all.addAll(List.of("--owner", "Dr. Roe", "--reason", "the patient disputes what it says"));
        return all.toArray();
    }

    /** At once, each time: nothing is waited for. */
    void isShown(boolean shown) {
        int status = shown ? 200 : 403;
        for (String user : List.of("north-rad", "north-tech")) {
            for (String uri : List.of(
                    "/studies/" + study,
                    "/studies/" + study + "/archive",
                    "/studies/" + study + "/media",
                    "/instances/" + instance + "/file",
                    "/instances/" + instance + "/preview",
                    "/dicom-web/studies/" + uid + "/metadata")) {
                assertThat(get(user, uri)).as(user + " " + uri).isEqualTo(status);
            }
            for (String uri : List.of(
                    "/studies", "/patients?expand", "/changes?limit=1000", "/dicom-web/studies?PatientID=" + PATIENT)) {
                String text = pacs.json(rest, user, uri).toString();
                assertThat(text.contains(study) || text.contains("\"" + uid + "\""))
                        .as(user + " " + uri)
                        .isEqualTo(shown);
            }
            assertThat(pacs.find(rest, user, "Study", uid)).as(user).hasSize(shown ? 1 : 0);
        }
        assertThat(get("north-billing", "/studies/" + study)).isEqualTo(status);
        assertThat(guest.get("/studies/" + study).statusCode() == 200)
                .as("the link")
                .isEqualTo(shown);
        for (String level : List.of("PATIENT", "STUDY", "SERIES", "IMAGE")) {
            String found = stations.find(
                    "NORTH_CT",
                    "QueryRetrieveLevel=" + level,
                    "StudyInstanceUID",
                    "SeriesInstanceUID",
                    "SOPInstanceUID",
                    "PatientName");
            assertThat(found).as("C-FIND " + level).contains("TWO^NORTHERN");
            assertThat(found.contains(NAME)).as("C-FIND " + level).isEqualTo(shown);
        }
        for (String[] keys : new String[][] {
            {STUDY, "StudyInstanceUID=" + uid},
            {"QueryRetrieveLevel=IMAGE", "StudyInstanceUID=" + uid, "SOPInstanceUID=" + uid + ".1.1"}
        }) {
            assertThat(stations.moved("NORTH_CT", "NORTH_CT", keys))
                    .as("C-MOVE " + keys[0])
                    .isEqualTo(shown ? 1 : 0);
        }
    }

    private int get(String user, String uri) {
        return pacs.send(rest, user, "GET", uri).statusCode();
    }

    void isChangedByNobody() {
        for (String user : List.of("north-tech", "north-dpo")) {
            assertThat(pacs.send(rest, user, "DELETE", "/studies/" + study).statusCode())
                    .as(user)
                    .isEqualTo(403);
            for (String[] order : new String[][] {
                {"/tools/bulk-delete", "{\"Resources\": [\"" + study + "\"]}"},
                {"/studies/" + study + "/modify", "{\"Replace\": {\"StudyDescription\": \"x\"}}"},
                {"/studies/" + study + "/anonymize", "{}"},
                {"/modalities/north-ct/store", "[\"" + study + "\"]"}
            }) {
                assertThat(pacs.send(rest, user, "POST", order[0], order[1]).statusCode())
                        .as(user + " " + order[0])
                        .isEqualTo(403);
            }
        }
        Object[] refused = {"export", "--patient", PATIENT, "--to", pacs.folder("refused"), "--no-dicomdir"};
        assertThat(pacs.cli(refused).errors()).contains("something of this is restricted", hold, "--restricted");
        pacs.cli("export", "--restricted", "--patient", PATIENT, "--to", pacs.folder("given"), "--no-dicomdir")
                .orFail();
        assertThat(pacs.folder("given").resolve("manifest.jsonl")).content().contains(uid);
    }

    void isSeenByWhoIsExcepted() {
        for (String uri : List.of("/studies/" + study, "/studies/" + study + "/archive")) {
            assertThat(get("north-dpo", uri)).as(uri).isEqualTo(200);
        }
        assertThat(pacs.json(rest, "north-dpo", "/dicom-web/studies?PatientID=" + PATIENT))
                .isNotEmpty();
        assertThat(er.get("/studies/" + study).statusCode()).isEqualTo(403);
        assertThat(er.act("/strongroom/emergency", "open", "patient", PATIENT, "reason", "unconscious, in the ER")
                        .statusCode())
                .isEqualTo(303);
        assertThat(er.get("/studies/" + study).statusCode()).isEqualTo(200);
        assertThat(er.get("/instances/" + instance + "/file").statusCode()).isEqualTo(200);
        assertThat(er.send("DELETE", "/studies/" + study, null).statusCode()).isEqualTo(403);
    }

    /** Nothing is lost, whether the study is there or comes with it. */
    void whatComesIsTakenAndNotShown() {
        for (String later : List.of(uid, LATER)) {
            byte[] image = TwoClinicsPacs.image(PATIENT, NAME, later, later + ".7");
            assertThat(pacs.upload(rest, "north-tech", image).path("Status").asText())
                    .isEqualTo("Success");
            assertThat(pacs.find(rest, "north-rad", "Study", later)).isEmpty();
            assertThat(pacs.find(rest, "north-dpo", "Study", later)).hasSize(1);
        }
    }

    void everythingIsBack() {
        isShownWithWhatCame();
        assertThat(pacs.find(rest, "north-rad", "Study", LATER)).hasSize(1);
        assertThat(pacs.json(rest, "north-rad", "/studies/" + study).path("Series"))
                .hasSize(2);
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            assertThat(audit("--type", "hold"))
                    .contains("\"restricts\":\"true\"", hold)
                    .doesNotContain(PATIENT);
            assertThat(audit("--user", "north-er-rad")).contains("break-glass-start", "break-glass-use");
            assertThat(audit("--type", "denial")).contains("north-rad", "/studies/{study}");
        });
    }

    private void isShownWithWhatCame() {
        assertThat(stations.moved("NORTH_CT", "NORTH_CT", STUDY, "StudyInstanceUID=" + uid))
                .isEqualTo(2);
        assertThat(get("north-rad", "/studies/" + study + "/archive")).isEqualTo(200);
        assertThat(guest.get("/studies/" + study).statusCode()).isEqualTo(200);
        assertThat(pacs.json(rest, "north-rad", "/changes?limit=1000").toString())
                .contains(study);
        assertThat(stations.find("NORTH_CT", STUDY, "StudyInstanceUID", "PatientName"))
                .contains(NAME, LATER);
    }

    private String audit(String... words) {
        List<Object> all = new ArrayList<>(List.of("audit", "search", "--json"));
        all.addAll(List.of(words));
        return pacs.cli(all.toArray()).orFail().output();
    }
}
