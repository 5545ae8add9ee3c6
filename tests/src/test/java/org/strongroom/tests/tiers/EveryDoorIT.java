package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.GetScu;
import org.strongroom.tests.harness.Multipart;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.UserAttachments;
import org.strongroom.tests.tier.AzuriteServer;
import org.strongroom.tests.tier.CephServer;

/**
 * What went in comes out: every kind of image, through every door, from this machine and from each kind of tier, and with each Orthanc;
 * and no disk ever saw it in clear.
 */
class EveryDoorIT {
    /** Left out of C-MOVE: each Orthanc decompresses it for movescu. By C-GET it comes. */
    private static final Set<String> NOT_MOVED = Set.of("jpeg-lossless-any-predictor");

    private static CephServer ceph;
    private static AzuriteServer azurite;

    enum Tier {
        DIRECTORY,
        S3,
        AZURE
    }

    /** How a client gets a study. */
    enum Door {
        /** Each file by itself, byte for byte. */
        REST,
        /** The study, each file byte for byte. */
        DICOMWEB,
        /** The first frame of each image that Orthanc can give one of, as it gave it when it had just arrived. */
        FRAMES,
        /** DICOM JSON of the study, as well. */
        METADATA,
        /** What users have attached to the patient, the study, a series and an image. */
        ATTACHMENTS,
        /** The study in its transfer syntaxes, each data set element for element: Orthanc writes it anew, and its meta group too. */
        C_MOVE,
        C_GET
    }

    @BeforeAll
    static void start() {
        ceph = new CephServer();
        azurite = new AzuriteServer();
    }

    @AfterAll
    static void stop() {
        azurite.close();
        ceph.close();
    }

    /**
     * Each Orthanc, and each kind of tier, but not each with each: what the plugin asks the sidecar for, and what it gets, is the same
     * whatever the tier is, and no store ever sees which Orthanc asks. The two clouds have the oldest and the newest Java.
     */
    static Stream<Arguments> rows() {
        return Stream.concat(
                Stream.of(Debian.values()).map(debian -> Arguments.of(debian, Tier.DIRECTORY)),
                Stream.of(Arguments.of(Debian.BOOKWORM, Tier.S3), Arguments.of(Debian.SID, Tier.AZURE)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyKindHereAndEvicted(Debian debian, Tier tier) {
        try (Clinic clinic = clinic(debian, tier)) {
            clinic.viewerPort();
            OrthancProcess orthanc = clinic.start();
            assertThatClassesAreShared(clinic, orthanc);
            Study study = Study.sentTo(clinic, orthanc);
            if (tier == Tier.DIRECTORY) { // what is here no tier has seen yet: each Orthanc once
                for (Door door : Door.values()) {
                    study.assertComesThrough(door, "here");
                }
            }
            clinic.ship();
            for (Door door : Door.values()) {
                clinic.makeCold();
                assertThat(clinic.wholeSealedFiles()).as("bodies left behind").isEmpty();
                study.assertComesThrough(door, "evicted");
            }
            // Each of these machines has it; Java would do the same, and nobody would notice but by the time it takes.
            assertThat(new String(orthanc.rest().get("/tools/metrics-prometheus"), StandardCharsets.UTF_8))
                    .containsPattern("(?m)^strongroom_openssl 1 ");

            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(
                            clinic.cli("audit", "search", "--json", "--type", "view", "--detail", "way=dicom")
                                    .output())
                    .as("what a station was given, and from where it came")
                    .contains("\"address\":\"127.0.0.1\"", "\"service\":\"C-FIND, C-GET or C-MOVE\""));
            orthanc.stop();
            study.assertNowhereInClear();
        }
    }

    /** Whatever does not fit makes Java pass over an archive without a word. */
    private static void assertThatClassesAreShared(Clinic clinic, OrthancProcess orthanc) {
        if (Distribution.get().sharesClasses()) {
            clinic.awaitSidecar();
            assertThat(maps(orthanc.pid())).contains("/lib/classes/plugin-");
            assertThat(maps(clinic.sidecar().orElseThrow().pid())).contains("/lib/classes/sidecar-");
        }
    }

    private static String maps(long process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process), "maps"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Clinic clinic(Debian debian, Tier tier) {
        Clinic clinic = new Clinic(debian).withPassphrase();
        String place = "doors-" + debian;
        switch (tier) {
            case DIRECTORY -> {}
            case S3 -> {
                Buckets.make(ceph.endpoint(), ceph.credentials(), place);
                clinic.onlyBucket("cloud", place, ceph.endpoint(), ceph.credentialsFile());
            }
            case AZURE ->
                clinic.onlyContainer(
                        "az", place, AzuriteServer.ACCOUNT, azurite.make(place).address(), azurite.keyFile());
        }
        return clinic;
    }

    /** What was sent: the files that Orthanc has to give, by its id, their names for people, and what they say. */
    private record Study(
            Clinic clinic,
            OrthancProcess orthanc,
            Map<String, byte[]> files,
            Map<String, String> names,
            Map<String, List<String>> dataSets,
            Map<String, byte[]> frames,
            Set<JsonNode> metadata,
            UserAttachments attachments) {

        /** Two slices by C-STORE, one of every kind by REST. */
        static Study sentTo(Clinic clinic, OrthancProcess orthanc) {
            List<byte[]> sent = new ArrayList<>(Samples.ct(3).subList(1, 3));
            Dcmtk.store(orthanc, clinic.sendFolder(sent));
            Map<String, byte[]> files = new LinkedHashMap<>();
            Map<String, String> names = new LinkedHashMap<>();
            // storescu writes a meta group of its own: what arrived is the file; that it says what was sent, C-MOVE and
            // C-GET show.
            for (String id : orthanc.rest().instances()) {
                files.put(id, orthanc.rest().file(id));
                names.put(id, "a slice");
            }
            Samples.everyKind().forEach((name, image) -> {
                String id = orthanc.rest().upload(image);
                files.put(id, image);
                names.put(id, name);
                sent.add(image);
            });
            assertThat(files).hasSameSizeAs(sent);
            Map<String, List<String>> dataSets = Dcmtk.dataSets(ClearText.files(clinic.sendFolder(sent)));
            UserAttachments attachments = new UserAttachments(orthanc.rest());
            attachments.put();
            return new Study(
                    clinic, orthanc, files, names, dataSets, frames(orthanc, files), metadata(orthanc), attachments);
        }

        /** By the path of each. */
        private static Map<String, byte[]> frames(OrthancProcess orthanc, Map<String, byte[]> files) {
            Map<String, byte[]> frames = new LinkedHashMap<>();
            files.forEach((id, file) -> {
                String path = "/instances/" + id + "/frames/0/raw";
                HttpResponse<byte[]> frame = orthanc.rest().send("GET", path, null);
                if (frame.statusCode() == 200) {
                    frames.put(path, frame.body());
                }
            });
            return frames;
        }

        private static Set<JsonNode> metadata(OrthancProcess orthanc) {
            Set<JsonNode> images = new HashSet<>();
            orthanc.rest()
                    .json("/dicom-web/studies/" + Samples.STUDY + "/metadata")
                    .forEach(images::add);
            return images;
        }

        void assertComesThrough(Door door, String where) {
            String how = where + ", through " + door;
            switch (door) {
                case REST ->
                    files.forEach((id, file) -> assertThat(orthanc.rest().file(id))
                            .as("%s %s", names.get(id), how)
                            .isEqualTo(file));
                case DICOMWEB ->
                    assertThat(Multipart.study(orthanc, Samples.STUDY))
                            .as(how)
                            .containsExactlyInAnyOrderElementsOf(files.values());
                case FRAMES -> {
                    assertThat(frames).hasSizeGreaterThan(20);
                    frames.forEach((path, frame) -> assertThat(orthanc.rest().get(path))
                            .as("%s %s", path, how)
                            .isEqualTo(frame));
                }
                case METADATA ->
                    assertThat(metadata(orthanc))
                            .as(how)
                            .hasSameSizeAs(files.keySet())
                            .isEqualTo(metadata);
                case ATTACHMENTS -> attachments.assertThere();
                case C_MOVE -> {
                    Path into = clinic.scratch().folder("moved-" + where);
                    Map<String, List<String>> moved = new LinkedHashMap<>();
                    // One association for each transfer syntax: within one, newer Orthancs decompress what they have
                    // not
                    // negotiated.
                    Map<String, Set<String>> bySyntax = new LinkedHashMap<>();
                    names.forEach((id, name) -> {
                        if (!NOT_MOVED.contains(name)) {
                            JsonNode tags = orthanc.rest().json("/instances/" + id + "/simplified-tags");
                            String uid = tags.path("SOPInstanceUID").asText();
                            moved.put(uid, dataSets.get(uid));
                            bySyntax.computeIfAbsent(dataSets.get(uid).get(0), syntax -> new LinkedHashSet<>())
                                    .add(tags.path("SeriesInstanceUID").asText());
                        }
                    });
                    int port = clinic.viewerPort();
                    bySyntax.values()
                            .forEach(series -> Dcmtk.moveSeries(orthanc, Samples.STUDY, series, "VIEWER", port, into));
                    assertSaysTheSame(ClearText.files(into), moved, how);
                }
                case C_GET -> {
                    List<byte[]> got = GetScu.get(orthanc, Samples.STUDY, files.values());
                    assertSaysTheSame(ClearText.files(clinic.sendFolder(got)), dataSets, how);
                }
            }
        }

        private static void assertSaysTheSame(List<Path> received, Map<String, List<String>> sent, String how) {
            Map<String, List<String>> came = Dcmtk.dataSets(received);
            assertThat(came.keySet()).as(how).isEqualTo(sent.keySet());
            sent.forEach((uid, said) ->
                    assertThat(came.get(uid)).as("%s %s", uid, how).isEqualTo(said));
        }

        void assertNowhereInClear() {
            byte[] image = Samples.everyKind().get("ct-odd-size");
            List<String> words = List.of(
                    Samples.PATIENT_NAME, Samples.PATIENT_ID, Samples.STUDY, "correct horse", UserAttachments.TEXT);
            ClearText clear = ClearText.of(words, image);
            clear.assertAbsentFrom(clinic.home());
            if (!ClearText.files(clinic.tier("offsite")).isEmpty()) {
                clear.assertAbsentFrom(clinic.tier("offsite"));
            }
            assertThat(orthanc.log()).doesNotContain(Samples.PATIENT_NAME, Samples.PATIENT_ID, "correct horse");
            assertThat(ClearText.files(clinic.scratch().folder("orthanc")))
                    .as("only Orthanc's index stays in clear")
                    .allMatch(file -> file.getFileName().toString().startsWith("index"));
        }
    }
}
