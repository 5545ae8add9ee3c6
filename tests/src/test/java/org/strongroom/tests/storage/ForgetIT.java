package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** Orthanc's delete only writes a tombstone; within the grace time the image can be had back. */
class ForgetIT {

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void aDeletedInstanceIsGoneFromOrthancButNotFromTheDisk(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            List<Path> sealed = clinic.wholeSealedFiles();
            orthanc.rest().delete("/instances/" + id);

            assertThat(orthanc.rest().send("GET", "/instances/" + id, null).statusCode())
                    .isEqualTo(404);
            assertThat(sealed).isNotEmpty();
            assertThat(clinic.wholeSealedFiles()).containsAll(sealed);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void undeleteBringsItBackBitByBit(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            clinic.cli("ship", "--now").orFail();
            orthanc.rest().delete("/instances/" + id);

            undelete(clinic, orthanc.rest(), id, image);
        }
    }

    private static void undelete(Clinic clinic, Rest rest, String id, byte[] image) {
        // It says so when Orthanc has it, not before.
        assertThat(clinic.cli("undelete", "--all").orFail().output()).contains("1 instance given back");
        assertThat(rest.instances()).contains(id);
        assertThat(rest.file(id)).isEqualTo(image);
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void aStudyThatComesAgainAfterADeleteIsStoredAgain(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            orthanc.rest().delete("/instances/" + orthanc.rest().upload(image));

            String again = orthanc.rest().upload(image);

            assertThat(orthanc.rest().file(again)).isEqualTo(image);
            assertThat(ClearText.files(clinic.home().resolve("journal"))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void undeleteBringsBackWhatOrthancHadCompressed(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("StorageCompression", "true");
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            String header = withoutPixels(orthanc.rest(), id);
            orthanc.rest().delete("/instances/" + id);

            // Given back, it would be an image without pixels, and keep the whole one out.
            Command.Result refused = clinic.cli("undelete", "--attachment", header);
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.output()).contains("0 instances given back").contains("no DICOM file");
            assertThat(orthanc.rest().instances()).isEmpty();
            undelete(clinic, orthanc.rest(), id, image);
        }
    }

    private static String withoutPixels(Rest rest, String id) {
        return rest.json("/instances/" + id + "/attachments/dicom-until-pixel-data/info")
                .path("Uuid")
                .asText();
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void undeleteLeavesWhatOverwroteTheOldImage(Debian debian) {
        leavesWhatOverwrote(debian, Samples.ct(1).get(0));
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void undeleteKnowsAnImageByItsPatientInAnyCharacterSet(Debian debian) {
        leavesWhatOverwrote(debian, SyntheticDicom.ct().patient("Gr\u00FCn-7").toBytes());
    }

    private static void leavesWhatOverwrote(Debian debian, byte[] old) {
        byte[] current = old.clone();
        current[current.length - 1] ^= 0x55;
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("OverwriteInstances", "true");
            OrthancProcess orthanc = clinic.start();
            orthanc.rest().upload(old);
            String id = orthanc.rest().upload(current);

            clinic.cli("undelete", "--all", "--timeout", "60 s").orFail();
            assertThat(orthanc.rest().file(id)).isEqualTo(current);
        }
    }
}
