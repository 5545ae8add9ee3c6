package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** What goes in comes out bit by bit, through every door, and no disk ever sees it in clear. */
class StoreAndReadIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void everyKindOfInstanceByRestAndDicomWeb(Debian debian) {
        Map<String, byte[]> kinds = Samples.everyKind();
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Map<String, String> ids = new LinkedHashMap<>();
            kinds.forEach((name, dicom) -> ids.put(name, orthanc.rest().upload(dicom)));

            assertSame(kinds, ids, orthanc.rest());
            assertThat(Multipart.study(orthanc, Samples.STUDY))
                    .as("through DICOMweb")
                    .containsExactlyInAnyOrderElementsOf(kinds.values());
            orthanc.stop();
            orthanc.restart();
            assertSame(kinds, ids, orthanc.rest());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void aSeriesByCStoreComesBackByCMoveAndCGet(Debian debian) {
        List<byte[]> slices = Samples.ct(20);
        try (Clinic clinic = new Clinic(debian)) {
            int port = clinic.viewerPort();
            OrthancProcess orthanc = clinic.start();
            Dcmtk.store(orthanc, clinic.sendFolder(slices));

            assertThat(orthanc.rest().instances()).hasSize(slices.size());
            Path moved = clinic.scratch().folder("moved");
            assertSamePixels(slices, Dcmtk.move(orthanc, Samples.STUDY, "VIEWER", port, moved));
            assertSamePixels(
                    slices, Dcmtk.get(orthanc, Samples.STUDY, clinic.scratch().folder("got")));
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void everyKindComesByCMoveAsItIsStoredAndByCGetDecompressed(Debian debian) {
        Map<String, byte[]> kinds = Samples.everyKind();
        List<byte[]> sent = kinds.values().stream().map(Dcmtk::dataSet).toList();
        try (Clinic clinic = new Clinic(debian)) {
            int port = clinic.viewerPort();
            OrthancProcess orthanc = clinic.start();
            kinds.values().forEach(orthanc.rest()::upload);

            List<Path> moved = Dcmtk.move(
                    orthanc, Samples.STUDY, "VIEWER", port, clinic.scratch().folder("moved"));
            assertThat(Dcmtk.dataSets(moved)).containsExactlyInAnyOrderElementsOf(sent);
            List<Path> got = Dcmtk.get(orthanc, Samples.STUDY, clinic.scratch().folder("got"));
            assertThat(Dcmtk.dataSets(got)).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void nothingIsClearInHomeOrInOrthancsStorage(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            orthanc.rest().upload(image);
            orthanc.stop();

            ClearText clear = ClearText.of(
                    List.of(Samples.PATIENT_NAME, Samples.PATIENT_ID, Samples.STUDY, "correct horse"), image);
            clear.assertAbsentFrom(clinic.home());
            assertThat(orthanc.log()).doesNotContain(Samples.PATIENT_NAME, Samples.PATIENT_ID, "correct horse");
            assertThat(ClearText.files(clinic.scratch().folder("orthanc")))
                    .as("only Orthanc's index stays in clear")
                    .allMatch(file -> file.getFileName().toString().startsWith("index"));
        }
    }

    /** DICOMweb 1.7 attaches nothing. */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM", mode = EnumSource.Mode.EXCLUDE)
    void metadataThatDicomwebAttachesToASeriesIsOfItsStudy(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(orthanc.rest()::upload);
            String series = orthanc.rest().json("/series").path(0).asText();
            orthanc.rest().get("/dicom-web/studies/" + Samples.STUDY + "/series/" + Samples.STUDY + ".1/metadata");
            String attached = "/series/" + series + "/attachments/4301/data";
            byte[] metadata = orthanc.rest().get(attached);

            clinic.makeCold();
            assertThat(clinic.status().at("/stored/instances").asInt())
                    .as("images; the metadata is none")
                    .isEqualTo(3);
            assertThat(ClearText.files(clinic.tier("offsite").resolve("packs"))).hasSize(1);
            assertThat(orthanc.rest().get(attached)).isEqualTo(metadata);
        }
    }

    private static void assertSame(Map<String, byte[]> kinds, Map<String, String> ids, Rest rest) {
        kinds.forEach(
                (name, dicom) -> assertThat(rest.file(ids.get(name))).as(name).isEqualTo(dicom));
    }

    private static void assertSamePixels(List<byte[]> sent, List<Path> received) {
        assertThat(received.stream().map(Samples::fromPixelData).toList())
                .containsExactlyInAnyOrderElementsOf(
                        sent.stream().map(Samples::fromPixelData).toList());
    }
}
