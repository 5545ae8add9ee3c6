package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Route;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Rest;

/** A radiologist of north shares one of two studies of a patient by a link, on a real Orthanc: whoever opens it sees that one. */
class ShareIT {
    private static final String SHARED = TwoClinicsPacs.NORTH + ".1";
    /** The same patient's. */
    private static final String SISTER = TwoClinicsPacs.NORTH + ".9";

    private static final String FRAME = "application/octet-stream";
    private static final String FILE = "application/dicom";
    /** Bytes of the image's, which is small, at least. */
    private static final int PIXELS = 64 * 64;

    private static final Pattern LINK = Pattern.compile("<code>[^<]*(/strongroom/shared/[A-Za-z0-9_-]{43})</code>");
    private static final Pattern ID = Pattern.compile("name=\"id\" value=\"([0-9a-f]{16})\"");

    /** Orthanc's ids of a study with one series of one image. */
    private record Ids(String uid, String patient, String study, String series, String instance) {
        static Ids of(TwoClinicsPacs pacs, Rest rest, String user, String uid) {
            String study = pacs.find(rest, user, "Study", uid).get(0).asText();
            JsonNode known = pacs.json(rest, user, "/studies/" + study);
            String series = known.path("Series").get(0).asText();
            return new Ids(
                    uid,
                    known.path("ParentPatient").asText(),
                    study,
                    series,
                    pacs.json(rest, user, "/series/" + series)
                            .path("Instances")
                            .get(0)
                            .asText());
        }

        /** A path of the route table about this study; the patient is left alone. */
        String fill(Route route) {
            String filled = route.path().replace("**", "x").replace("{resources}", "{study},{series}");
            for (Map.Entry<String, String> id : Map.of(
                            "study",
                            study,
                            "series",
                            series,
                            "instance",
                            instance,
                            "study-uid",
                            uid,
                            "series-uid",
                            uid + ".1",
                            "instance-uid",
                            uid + ".1.1")
                    .entrySet()) {
                filled = filled.replace("{" + id.getKey() + "}", id.getValue());
            }
            return filled.replaceAll("\\{[a-z-]+\\}", "x");
        }

        String frame() {
            return "/dicom-web/studies/" + uid + "/series/" + uid + ".1/instances/" + uid + ".1.1/frames/1";
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void aLinkOpensOneStudyAndNothingElseUntilItIsRevoked(Debian debian) {
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(debian)) {
            Rest rest = pacs.start().rest();
            pacs.upload(rest, "north-tech", TwoClinicsPacs.image("ONE-NORTH", "ONE^NORTHERN", SISTER, SISTER + ".1"));
            Ids shared = Ids.of(pacs, rest, "north-rad", SHARED);
            Ids sister = Ids.of(pacs, rest, "north-rad", SISTER);
            assertThat(sister.patient()).isEqualTo(shared.patient());
            Ids others = Ids.of(pacs, rest, "north-rad", TwoClinicsPacs.NORTH + ".0");
            Ids souths = Ids.of(pacs, rest, "south-rad", TwoClinicsPacs.SOUTH + ".1");
            InTheBrowser rad = pacs.logIn(rest, "north-rad");
            assertThat(rad.get("/strongroom/share?study=" + souths.study()).statusCode())
                    .isEqualTo(403);

            assertThat(rad.stored(shared.frame(), FRAME).statusCode())
                    .as("by DICOMweb whoever shares it sees it, too")
                    .isEqualTo(200);
            assertThat(rad.stored(souths.frame(), FRAME).statusCode()).isEqualTo(403);

            String link = make(rad, shared);
            HttpResponse<byte[]> pressed = InTheBrowser.press(rest, link);
            assertThat(pressed.statusCode()).isEqualTo(303);
            InTheBrowser guest = InTheBrowser.after(rest, pressed);
            String viewer = pressed.headers().firstValue("Location").orElseThrow();
            assertThat(viewer).isEqualTo("../web-viewer/app/viewer.html?series=" + shared.series());
            assertThat(guest.get(viewer.substring(2)).statusCode()).isEqualTo(200);

            itsStudyIsThere(guest, shared, viewer.substring(2));
            nothingElseIs(guest, shared, List.of(sister, others, souths));
            assertThat(guest.get("/studies/" + shared.study() + "/archive").statusCode())
                    .as("only to look at")
                    .isEqualTo(403);

            String downloads = make(rad, shared, "download", "yes");
            InTheBrowser takes = InTheBrowser.after(rest, InTheBrowser.press(rest, downloads));
            // The oldest names an archive's folders by tags that may be of another study of the patient.
            String kind = debian == Debian.BOOKWORM ? "/media" : "/archive";
            assertThat(text(takes.get("/strongroom/shared"))).contains("../studies/" + shared.study() + kind);
            HttpResponse<byte[]> archive = takes.get("/studies/" + shared.study() + kind);
            assertThat(archive.statusCode()).isEqualTo(200);
            assertThat(new String(archive.body(), StandardCharsets.ISO_8859_1)).startsWith("PK");
            assertThat(takes.get("/studies/" + sister.study() + "/archive").statusCode())
                    .isEqualTo(403);

            String page = text(rad.get("/strongroom/share"));
            Matcher id = ID.matcher(page.substring(page.indexOf("<td>look</td>")));
            assertThat(id.find()).isTrue();
            assertThat(rad.act("/strongroom/share", "revoke", "id", id.group(1)).statusCode())
                    .isEqualTo(303);
            assertThat(guest.stored(shared.frame(), FRAME).statusCode()).isIn(401, 403);
            assertThat(guest.get("/studies").statusCode()).isIn(401, 403);
            HttpResponse<byte[]> again = InTheBrowser.press(rest, link);
            assertThat(again.headers().allValues("Set-Cookie")).isEmpty();
            assertThat(text(again)).contains("Nothing here");
            assertThat(takes.stored(shared.frame(), FRAME).statusCode())
                    .as("the other link is another one")
                    .isEqualTo(200);
            everythingIsInTheLog(pacs, id.group(1));

            assertThat(pacs.send(rest, "north-tech", "DELETE", "/studies/" + shared.study())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(InTheBrowser.press(rest, downloads).headers().allValues("Set-Cookie"))
                    .as("a study that is gone takes its links with it")
                    .isEmpty();
        }
    }

    /** What it is answered at is in the page. */
    private static String make(InTheBrowser rad, Ids study, String... more) {
        List<String> fields =
                new ArrayList<>(List.of("study", study.study(), "note", "Dr. Doe", "count", "1", "unit", "hours"));
        fields.addAll(List.of(more));
        Matcher link = LINK.matcher(
                text(rad.act("/strongroom/share?study=" + study.study(), "make", fields.toArray(new String[0]))));
        assertThat(link.find()).isTrue();
        return link.group(1);
    }

    private static void itsStudyIsThere(InTheBrowser guest, Ids shared, String viewer) {
        String web = "/dicom-web/studies/" + shared.uid();
        for (String uri : List.of(
                viewer,
                web + "/metadata",
                web + "/series/" + shared.uid() + ".1/metadata",
                "/studies/" + shared.study(),
                "/studies/" + shared.study() + "/series",
                "/series/" + shared.series(),
                "/web-viewer/series/" + shared.series(),
                "/instances/" + shared.instance() + "/tags",
                "/instances/" + shared.instance() + "/preview",
                "/instances/" + shared.instance() + "/file",
                "/patients/" + shared.patient(),
                "/system",
                "/plugins",
                "/app/explorer.html",
                "/strongroom/shared")) {
            assertThat(guest.get(uri).statusCode()).as(uri).isEqualTo(200);
        }
        for (HttpResponse<byte[]> pixels : List.of(
                guest.stored(shared.frame(), FRAME),
                guest.stored(shared.frame().replaceFirst("/frames/1", ""), FILE))) {
            assertThat(pixels.statusCode()).isEqualTo(200);
            assertThat(pixels.body().length).isGreaterThan(PIXELS);
        }
        assertThat(text(guest.get("/strongroom/shared"))).contains("ONE^NORTHERN", shared.series());
    }

    private static void nothingElseIs(InTheBrowser guest, Ids shared, List<Ids> others) {
        for (String list : List.of(
                "/studies", "/patients", "/series", "/dicom-web/studies", "/dicom-web/series?includefield=all")) {
            assertThat(Rest.parse(guest.get(list).body())).as(list).hasSize(1);
        }
        byte[] everything = "{\"Level\": \"Study\", \"Query\": {\"PatientID\": \"*\"}, \"Expand\": true}"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(Rest.parse(guest.send("POST", "/tools/find", everything).body())
                        .findValuesAsText("ID"))
                .containsExactly(shared.study());
        JsonNode patient = Rest.parse(guest.get("/patients/" + shared.patient()).body());
        assertThat(patient.path("Studies")).hasSize(1);
        List<String> secrets = new ArrayList<>(List.of("SHARED", "SOUTHERN", TwoClinicsPacs.SOUTH));
        others.forEach(other -> secrets.addAll(List.of(
                other.study(), other.series(), other.instance(), "\"" + other.uid() + "\"", other.uid() + ".1")));
        for (String uri : List.of(
                "/patients/" + shared.patient(),
                "/patients/" + shared.patient() + "/studies",
                "/patients/" + shared.patient() + "/series",
                "/patients/" + shared.patient() + "/instances",
                "/patients/" + shared.patient() + "/archive",
                "/studies/" + shared.study() + "/patient",
                "/changes?limit=1000",
                "/dicom-web/studies?PatientID=ONE-NORTH",
                "/dicom-web/instances?includefield=all",
                "/statistics",
                "/jobs",
                "/exports")) {
            assertThat(text(guest.get(uri))).as(uri).doesNotContain(secrets);
        }
        List<String> answered = new ArrayList<>();
        for (Route route : RouteTable.of(DicomWebRoots.DEFAULTS, List.of()).routes()) {
            for (HttpMethod method : new TreeSet<>(route.methods())) {
                for (Ids other : route.level().isPresent() ? others : List.<Ids>of()) {
                    HttpResponse<byte[]> answer =
                            guest.send(method.name(), other.fill(route), method == HttpMethod.GET ? null : everything);
                    if (answer.statusCode() != 403) {
                        answered.add(method + " " + route.path() + ": " + answer.statusCode());
                    }
                }
            }
        }
        assertThat(answered).isEmpty();
        for (Ids other : others) {
            assertThat(guest.stored(other.frame(), FRAME).statusCode()).isEqualTo(403);
            assertThat(guest.stored(other.frame().replaceFirst("/frames/1", ""), FILE)
                            .statusCode())
                    .isEqualTo(403);
        }
        for (String closed : List.of(
                "/strongroom/account",
                "/strongroom/emergency",
                "/strongroom/share",
                "/strongroom/share?study=" + shared.study(),
                "/strongroom/status",
                "/changes",
                "/exports",
                "/modalities")) {
            assertThat(guest.get(closed).statusCode()).as(closed).isEqualTo(403);
        }
        byte[] image = TwoClinicsPacs.image("ONE-NORTH", "ONE^NORTHERN", SHARED, SHARED + ".7");
        assertThat(guest.send("POST", "/instances", image).statusCode()).isEqualTo(403);
        assertThat(guest.send("DELETE", "/studies/" + shared.study(), null).statusCode())
                .isEqualTo(403);
    }

    private static void everythingIsInTheLog(TwoClinicsPacs pacs, String id) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(pacs.cli("audit", "search", "--detail", "share=" + id)
                                .orFail()
                                .output())
                        .contains("share-create", "share-use", "share-revoke", "north-rad")
                        .doesNotContain("Doe", SHARED));
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(pacs.cli("audit", "search", "--user", "share:" + id)
                                .orFail()
                                .output())
                        .contains("view", "denial", "share-use"));
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
