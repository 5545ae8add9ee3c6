package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** Orthanc's delete only writes a tombstone; within the grace time the image can be had back. */
class ForgetIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void aDeletedInstanceStaysOnTheDiskAndComesBackByUndeleteOrFromTheModality(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            Rest rest = clinic.start().rest();
            String id = rest.upload(image);
            List<Path> sealed = clinic.wholeSealedFiles();
            rest.delete("/instances/" + id);
            assertThat(rest.send("GET", "/instances/" + id, null).statusCode()).isEqualTo(404);
            assertThat(sealed).isNotEmpty();
            assertThat(clinic.wholeSealedFiles()).containsAll(sealed);

            String again = rest.upload(image);
            assertThat(rest.file(again)).as("sent again by the modality").isEqualTo(image);
            clinic.ship();
            rest.delete("/instances/" + again);
            undelete(clinic, rest, id, image);
        }
    }

    private static void undelete(Clinic clinic, Rest rest, String id, byte[] image) {
        // It says so when Orthanc has it, not before; an image that was deleted twice is there twice.
        assertThat(clinic.process("undelete", "--all").orFail().output()).containsPattern("[12] instances? given back");
        assertThat(rest.instances()).contains(id);
        assertThat(rest.file(id)).isEqualTo(image);
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

    /** An image is known by its patient, in any character set. */
    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void undeleteLeavesWhatOverwroteTheOldImage(Debian debian) {
        byte[] german =
                SyntheticDicom.ct().patient("Gr\u00FCn-7").study("2.25.77").toBytes();
        Map<String, byte[]> current = new HashMap<>();
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("OverwriteInstances", "true");
            Rest rest = clinic.start().rest();
            for (byte[] old : List.of(Samples.ct(1).get(0), german)) {
                byte[] changed = old.clone();
                changed[changed.length - 1] ^= 0x55;
                rest.upload(old);
                current.put(rest.upload(changed), changed);
            }
            assertThat(current).hasSize(2);

            clinic.cli("undelete", "--all", "--timeout", "60 s").orFail();
            current.forEach((id, image) -> assertThat(rest.file(id)).isEqualTo(image));
        }
    }
}
