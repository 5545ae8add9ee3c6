package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.io.ByteSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** What a client sends wrong, twice or zipped is answered as an Orthanc without Strongroom answers it. */
class LikePlainOrthancIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void isAnsweredWhatIsSent(Debian debian) {
        try (Clinic clinic = new Clinic(debian);
                Clinic other = new Clinic(debian).withoutStrongroom()) {
            Rest sealed = clinic.start().rest();
            Rest plain = other.start().rest();

            String frames = tagsFramesAndPreviews(sealed, plain);
            assertSameParts("here", frames, sealed, plain);
            List<String> odd = oddImages(sealed, plain);
            aSyntaxThatOrthancMayNotKnow(sealed, plain);
            oddBodies(clinic, sealed, plain);
            duplicates(clinic, sealed, plain);
            zipFiles(sealed, plain);
            archivesOfNothing(sealed, plain);

            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles())
                    .as("nothing but the two duplicates, which Orthanc before 1.13 stores and removes again")
                    .hasSizeLessThanOrEqualTo(2);
            assertSameParts("from the tier", frames, sealed, plain);
            for (String id : plain.instances()) {
                assertThat(sealed.file(id)).isEqualTo(plain.file(id));
            }
            for (String id : odd) {
                assertSameImage("from the tier: " + id, id, sealed, plain);
            }
            clinic.cli("fsck").orFail();
        }
    }

    private static String tagsFramesAndPreviews(Rest sealed, Rest plain) {
        byte[] image = Samples.everyKind().get("mr-multi-frame");
        String id = sealed.upload(image);
        assertThat(plain.upload(image)).isEqualTo(id);
        for (String route :
                List.of("/simplified-tags", "/frames/0/raw", "/frames/11/raw", "/preview", "/attachments/dicom/md5")) {
            assertThat(sealed.get("/instances/" + id + route))
                    .as(route)
                    .isEqualTo(plain.get("/instances/" + id + route));
        }
        return id;
    }

    /** Bytes of the file that a client asks for by their place: around the ends, of no such place, many, and none that can be read. */
    private static void assertSameParts(String where, String id, Rest sealed, Rest plain) {
        String path = "/instances/" + id + "/attachments/dicom/data";
        int size = plain.get(path).length;
        for (String range : List.of(
                "0-0",
                "131-4099",
                "70000-",
                "-5",
                (size - 1) + "-" + (size - 1),
                (size - 1) + "-" + size,
                size + "-" + size,
                "10-5",
                "0-1,3-4",
                "a-b",
                "")) {
            for (String method : List.of("GET", "HEAD")) {
                HttpResponse<byte[]> answer = sealed.send(method, path, null, "Range", "bytes=" + range);
                HttpResponse<byte[]> expected = plain.send(method, path, null, "Range", "bytes=" + range);
                String what = method + " of " + range + " " + where;
                assertThat(answer.statusCode()).as(what).isEqualTo(expected.statusCode());
                assertThat(answer.body()).as(what).isEqualTo(expected.body());
                assertThat(withoutName(answer)).as(what).isEqualTo(withoutName(expected));
            }
        }
    }

    /** The headers, but for the name of the attachment, which is made up. */
    private static Map<String, List<String>> withoutName(HttpResponse<byte[]> answer) {
        Map<String, List<String>> headers = new LinkedHashMap<>(answer.headers().map());
        headers.remove("content-disposition");
        return headers;
    }

    /** Ids of those that Orthanc takes. */
    private static List<String> oddImages(Rest sealed, Rest plain) {
        List<String> ids = new ArrayList<>();
        OddImages.all().forEach((name, image) -> {
            HttpResponse<byte[]> answer = sealed.send("POST", "/instances", image);
            assertSame(name, answer, plain.send("POST", "/instances", image));
            if (answer.statusCode() == 200) {
                String id = Rest.parse(answer.body()).path("ID").asText();
                assertThat(sealed.file(id)).as(name).isEqualTo(image);
                assertThat(names(image)).as(name).contains(id);
                assertSameImage(name, id, sealed, plain);
                ids.add(id);
            }
        });
        assertThat(ids).hasSizeGreaterThan(10);
        return ids;
    }

    /** What Strongroom expects Orthanc to call it, by which it knows whose it is. */
    private static Set<String> names(byte[] image) {
        try {
            return OrthancId.ofInstance(DicomHeader.read(ByteSource.of(image)).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Also where Orthanc has no such frame or picture. */
    private static void assertSameImage(String name, String id, Rest sealed, Rest plain) {
        for (String route : List.of("/simplified-tags", "/frames", "/frames/0/raw", "/frames/2/raw", "/preview")) {
            HttpResponse<byte[]> answer = sealed.send("GET", "/instances/" + id + route, null);
            HttpResponse<byte[]> expected = plain.send("GET", "/instances/" + id + route, null);
            assertThat(answer.statusCode()).as(name + route).isEqualTo(expected.statusCode());
            assertThat(answer.body()).as(name + route).isEqualTo(expected.body());
        }
    }

    private static void aSyntaxThatOrthancMayNotKnow(Rest sealed, Rest plain) {
        byte[] image = Samples.htj2k();
        HttpResponse<byte[]> answer = sealed.send("POST", "/instances", image);
        assertSame("high-throughput JPEG 2000", answer, plain.send("POST", "/instances", image));
        if (answer.statusCode() == 200) {
            String id = Rest.parse(answer.body()).path("ID").asText();
            assertThat(sealed.file(id)).isEqualTo(image);
        }
    }

    /** Nothing, no DICOM, and images that end too early: in the preamble, in the meta group, in a tag, in the pixels. */
    private static void oddBodies(Clinic clinic, Rest sealed, Rest plain) {
        byte[] image = Samples.ct(1).get(0);
        Map<String, byte[]> bodies = new LinkedHashMap<>();
        bodies.put("nothing", new byte[0]);
        bodies.put("text", "Good morning".repeat(100).getBytes(StandardCharsets.UTF_8));
        for (int size : new int[] {1, 100, 131, 132, 140, 300, 600, image.length - 5000, image.length - 1}) {
            bodies.put("the first " + size + " bytes", Arrays.copyOf(image, size));
        }
        bodies.forEach((name, body) -> {
            List<Path> before = clinic.wholeSealedFiles();
            HttpResponse<byte[]> answer = sealed.send("POST", "/instances", body);
            assertSame(name, answer, plain.send("POST", "/instances", body));
            if (answer.statusCode() == 200) {
                String id = Rest.parse(answer.body()).path("ID").asText();
                assertThat(sealed.file(id)).as(name).isEqualTo(body);
                sealed.delete("/instances/" + id);
                plain.delete("/instances/" + id);
            } else {
                assertThat(clinic.wholeSealedFiles())
                        .as("%s is refused, and left behind", name)
                        .containsExactlyElementsOf(before);
            }
        });
    }

    /** The same SOPInstanceUID with another picture: by default the first one stays. */
    private static void duplicates(Clinic clinic, Rest sealed, Rest plain) {
        byte[] first = Samples.ct(1).get(0);
        byte[] second = first.clone();
        second[second.length - 1] ^= 0x55;
        for (byte[] image : List.of(first, second, first)) {
            HttpResponse<byte[]> answer = sealed.send("POST", "/instances", image);
            assertSame("sent again", answer, plain.send("POST", "/instances", image));
            assertThat(sealed.file(Rest.parse(answer.body()).path("ID").asText()))
                    .isEqualTo(first);
        }
        assertThat(clinic.cli("fsck").status()).isZero();
    }

    /** One with images only, and one in which something else lies between them. */
    private static void zipFiles(Rest sealed, Rest plain) {
        List<byte[]> images = Samples.oneSliceSeries(4);
        for (byte[] zip : List.of(
                Samples.zip(images.subList(0, 2)),
                Samples.zip(List.of(images.get(2), "Thumbs.db".getBytes(StandardCharsets.UTF_8), images.get(3))))) {
            HttpResponse<byte[]> answer = sealed.send("POST", "/instances", zip);
            assertSame("a ZIP file", answer, plain.send("POST", "/instances", zip));
            assertThat(sealed.instances()).containsExactlyInAnyOrderElementsOf(plain.instances());
        }
    }

    /** Orthanc divides by the steps that such a job has, none, if it is asked for the job while that runs: nothing may ask it so that it ends. */
    private static void archivesOfNothing(Rest sealed, Rest plain) {
        byte[] nothing = "[]".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 50; i++) {
            assertThat(sealed.send("POST", "/tools/create-archive", nothing).statusCode())
                    .as("archive %d", i)
                    .isEqualTo(
                            plain.send("POST", "/tools/create-archive", nothing).statusCode());
        }
    }

    private static void assertSame(String what, HttpResponse<byte[]> sealed, HttpResponse<byte[]> plain) {
        assertThat(sealed.statusCode()).as(what).isEqualTo(plain.statusCode());
        assertThat(Rest.parse(sealed.body())).as(what).isEqualTo(Rest.parse(plain.body()));
    }
}
