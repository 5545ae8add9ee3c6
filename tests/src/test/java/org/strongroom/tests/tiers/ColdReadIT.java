package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Multipart;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;

/** An evicted study opens through every door, bit by bit, and no viewer knows that it was away. */
class ColdReadIT {

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void everyKindThroughRest(Debian debian) {
        Map<String, byte[]> kinds = Samples.everyKind();
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Map<String, String> ids = new LinkedHashMap<>();
            kinds.forEach((name, dicom) -> ids.put(name, orthanc.rest().upload(dicom)));
            clinic.makeCold();

            assertThat(clinic.wholeSealedFiles()).as("bodies left behind").isEmpty();
            kinds.forEach((name, dicom) ->
                    assertThat(orthanc.rest().file(ids.get(name))).as(name).isEqualTo(dicom));
            ClearText.of(List.of(Samples.PATIENT_NAME, Samples.PATIENT_ID, Samples.STUDY))
                    .assertAbsentFrom(clinic.tier("offsite"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void aSeriesThroughDicomWeb(Debian debian) {
        List<byte[]> slices = Samples.ct(12);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            slices.forEach(orthanc.rest()::upload);
            clinic.makeCold();

            assertThat(Multipart.study(orthanc, Samples.STUDY)).containsExactlyInAnyOrderElementsOf(slices);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void aSeriesThroughCMoveAndCGet(Debian debian) {
        List<byte[]> slices = Samples.ct(12);
        try (Clinic clinic = new Clinic(debian)) {
            int port = clinic.viewerPort();
            OrthancProcess orthanc = clinic.start();
            slices.forEach(orthanc.rest()::upload);

            clinic.makeCold();
            Path moved = clinic.scratch().folder("moved");
            assertSamePixels(slices, Dcmtk.move(orthanc, Samples.STUDY, "VIEWER", port, moved));
            clinic.makeCold();
            assertSamePixels(
                    slices, Dcmtk.get(orthanc, Samples.STUDY, clinic.scratch().folder("got")));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void headsStayAndBodiesGo(Debian debian) {
        List<byte[]> slices = Samples.ct(12);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();
            // The line is cut: what is answered now is answered from here.
            clinic.unmount("offsite");

            for (String id : ids) {
                assertThat(orthanc.rest().json("/instances/" + id + "/tags")).isNotEmpty();
            }
            clinic.mount("offsite");
            assertThat(orthanc.rest().file(ids.get(0))).isEqualTo(slices.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void aLocalFileThatWasDamagedIsSetAsideAndTheTiersCopyShown(Debian debian) throws IOException {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            orthanc.stop(); // what Orthanc remembers of an image does not count
            for (Path file : clinic.wholeSealedFiles()) {
                byte[] damaged = Files.readAllBytes(file);
                damaged[damaged.length * 2 / 3] ^= 1;
                Files.write(file, damaged);
            }
            orthanc.restart();

            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            assertThat(ClearText.files(clinic.home().resolve("quarantine")))
                    .as("the damaged file is kept")
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void manyReadersOfOneColdStudyAllGetIt(Debian debian) {
        List<byte[]> slices = Samples.ct(24);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();

            List<byte[]> read = ids.parallelStream().map(orthanc.rest()::file).toList();
            assertThat(read).containsExactlyElementsOf(slices);
        }
    }

    private static void assertSamePixels(List<byte[]> sent, List<Path> received) {
        assertThat(received.stream().map(Samples::fromPixelData).toList())
                .containsExactlyInAnyOrderElementsOf(
                        sent.stream().map(Samples::fromPixelData).toList());
    }
}
