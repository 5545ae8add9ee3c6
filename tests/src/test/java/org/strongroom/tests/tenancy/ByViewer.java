package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.strongroom.tests.tenancy.AnswerText.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Rest;

/** What is the users' own: viewers open it, and archives and descriptions of several things are made if all of them are. */
record ByViewer(TwoClinicsPacs pacs, Rest rest, Debian debian) {
    /** Of a patient of both clinics as well, by the name that this one has sent: else nothing would leak because nothing is shown. */
    void whatViewersAskForIsAnswered(String user, String name, Named theirs) {
        String image = "/dicom-web/studies/{study-uid}/series/{series-uid}/instances/{instance-uid}";
        for (String path : List.of(
                "/patients/{patient}",
                "/patients/{patient}/studies",
                "/studies/{study}",
                "/studies/{study}?requestedTags=ModalitiesInStudy",
                "/studies/{study}/patient",
                "/series/{series}/study",
                "/instances/{instance}/patient",
                "/instances/{instance}/simplified-tags",
                "/instances/{instance}/file",
                "/dicom-web/studies?StudyInstanceUID={study-uid}",
                "/dicom-web/studies/{study-uid}/metadata",
                "/dicom-web/studies/{study-uid}/series/{series-uid}/metadata",
                image + "/metadata",
                "/wado?requestType=WADO&contentType=application/dicom&objectUID={instance-uid}")) {
            HttpResponse<byte[]> answer = pacs.send(rest, user, "GET", theirs.fill(path));
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(text(answer)).as(path).contains(name);
        }
        for (String path : List.of(
                "/patients/{patient}/series",
                "/studies/{study}/series",
                "/series/{series}/instances",
                "/instances/{instance}/preview",
                "/dicom-web/studies/{study-uid}/series",
                "/dicom-web/studies/{study-uid}/series/{series-uid}/instances",
                image + "/rendered",
                image + "/frames/1",
                "/web-viewer/series/{series}")) {
            assertThat(pacs.send(rest, user, "GET", theirs.fill(path)).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    /** Also where DICOMweb stores behind other plugins' backs (1.7). */
    void whatIsStoredByDicomWebIsItsUsers() {
        for (String path : List.of("/dicom-web/studies", "/dicom-web/studies/{study}")) {
            String study = TwoClinicsPacs.SOUTH + (path.endsWith("studies") ? ".5" : ".6");
            byte[] image = TwoClinicsPacs.image("SHARED", "SHARED^SOUTHERN", study, study + ".1");
            String uri = path.replace("{study}", study);
            assertThat(store("north-billing", uri, image)).as("no permission").isEqualTo(403);
            assertThat(store("", uri, image)).as("nobody").isIn(401, 403);
            assertThat(store("south-rad", uri, image)).as(uri).isEqualTo(200);
            assertThat(pacs.find(rest, "south-rad", "Study", study)).as(uri).hasSize(1);
            assertThat(pacs.find(rest, "north-rad", "Study", study)).as(uri).isEmpty();
        }
    }

    private int store(String user, String uri, byte[] image) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("--part\r\nContent-Type: application/dicom\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(image);
        body.writeBytes("\r\n--part--\r\n".getBytes(StandardCharsets.US_ASCII));
        String type = "multipart/related; type=\"application/dicom\"; boundary=part";
        HttpResponse<byte[]> answer = user.isEmpty()
                ? rest.send("POST", uri, body.toByteArray(), "Content-Type", type)
                : rest.send(
                        "POST",
                        uri,
                        body.toByteArray(),
                        "Content-Type",
                        type,
                        "Authorization",
                        TwoClinicsPacs.basic(user));
        return answer.statusCode();
    }

    void anArchiveOfSeveralStudiesIsOfWhoseTheyAllAre(Named norths, Named sharedNorths, Named souths) {
        for (String kind : List.of("archive", "media", "media-extended")) {
            String own = norths.fill("/tools/create-" + kind + "?filename=x.zip&resources={resources}");
            // Orthanc 1.10.1 gives none for a list in the address.
            int given = debian == Debian.BOOKWORM ? 405 : 200;
            assertThat(pacs.send(rest, "north-rad", "GET", own).statusCode())
                    .as(kind)
                    .isEqualTo(given);
            String both = own + "," + sharedNorths.fill("{study}");
            HttpResponse<byte[]> answer = pacs.send(rest, "north-rad", "GET", both);
            assertThat(answer.statusCode()).as(kind).isEqualTo(kind.equals("archive") ? 403 : given);
            if (answer.statusCode() == 200) {
                assertThat(text(answer)).as(kind).contains("ONE^NORTHERN", "SHARED^NORTHERN");
            }
            for (String other : List.of("{study}", "{series}", "{instance}", "{patient}")) {
                assertThat(pacs.send(rest, "north-rad", "GET", own + "," + souths.fill(other))
                                .statusCode())
                        .as(kind + " with another's " + other)
                        .isEqualTo(403);
            }
            assertThat(pacs.send(rest, "north-rad", "GET", own + "," + sharedNorths.fill("{patient}"))
                            .statusCode())
                    .as(kind + " with a patient of both")
                    .isEqualTo(403);
        }
    }

    /** Before 1.12.9 no plugin sends anybody anywhere. */
    void whoAsksForAPatientOfBothIsSentToTheirOwn(Named sharedNorths) {
        for (String kind : List.of("archive", "media")) {
            HttpResponse<byte[]> answer =
                    pacs.send(rest, "north-rad", "GET", sharedNorths.fill("/patients/{patient}/" + kind));
            if (debian != Debian.SID) {
                assertThat(answer.statusCode()).as(kind).isEqualTo(403);
                continue;
            }
            assertThat(answer.statusCode()).as(kind).isEqualTo(307);
            String where = answer.headers().firstValue("Location").orElseThrow();
            String path = where.substring(where.indexOf("/tools/"));
            assertThat(path).isEqualTo(sharedNorths.fill("/tools/create-media?resources={study}"));
            HttpResponse<byte[]> medium = pacs.send(rest, "north-rad", "GET", path);
            assertThat(medium.statusCode()).as(kind).isEqualTo(200);
            assertThat(text(medium)).contains("SHARED^NORTHERN").doesNotContain("SOUTHERN", TwoClinicsPacs.SOUTH);
        }
    }

    void whatABodyNamesIsDescribedToWhoseItIs(Named norths, Named sharedNorths, Named souths) {
        String own = norths.fill("\"{study}\", \"{series}\"");
        for (String kind : List.of("archive", "media", "media-extended")) {
            assertThat(pacs.send(rest, "north-rad", "POST", "/tools/create-" + kind, "[" + own + "]")
                            .statusCode())
                    .as(kind + ": the address names what it holds")
                    .isEqualTo(403);
        }
        String named = "{\"Resources\": [" + own + ", " + souths.fill("\"{study}\", \"{instance}\"") + ", "
                + sharedNorths.fill("\"{patient}\"") + "]}";
        JsonNode described = pacs.posted(rest, "north-rad", "/tools/bulk-content", named);
        assertThat(described).hasSize(3);
        assertThat(described.findValuesAsText("Type")).containsExactly("Study", "Series", "Patient");
        assertThat(described.get(0).path("Metadata")).isNotEmpty();
        assertThat(described.toString()).contains("SHARED^NORTHERN").doesNotContain("SOUTHERN", TwoClinicsPacs.SOUTH);
    }
}
