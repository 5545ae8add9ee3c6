package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** Options of Orthanc that change what it hands to a storage area. */
class OrthancOptionsIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void storageCompression(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("StorageCompression", "true");
            Rest rest = clinic.start().rest();
            String id = rest.upload(image);

            assertThat(rest.file(id)).isEqualTo(image);
            assertThat(rest.json("/instances/" + id + "/simplified-tags")
                            .path("PatientID")
                            .asText())
                    .isEqualTo(Samples.PATIENT_ID);
            ClearText.of(List.of(Samples.PATIENT_NAME), image).assertAbsentFrom(clinic.home());
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void compressionSwitchedOnLaterLeavesOldInstancesReadable(Debian debian) {
        List<byte[]> images = Samples.ct(2);
        try (Clinic clinic = new Clinic(debian)) {
            var orthanc = clinic.start();
            String before = orthanc.rest().upload(images.get(0));
            orthanc.stop();
            clinic.setup().set("StorageCompression", "true");
            orthanc.restart();
            String after = orthanc.rest().upload(images.get(1));

            assertThat(orthanc.rest().file(before)).isEqualTo(images.get(0));
            assertThat(orthanc.rest().file(after)).isEqualTo(images.get(1));
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void ingestTranscoding(Debian debian) {
        byte[] rle = Samples.everyKind().get("ct-rle");
        byte[] plain = Samples.everyKind().get("ct");
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("IngestTranscoding", "\"1.2.840.10008.1.2.1\"");
            Rest rest = clinic.start().rest();
            String id = rest.upload(rle);

            assertThat(rest.get("/instances/" + id + "/frames/0/raw"))
                    .as("decompressed on arrival, then sealed")
                    .isEqualTo(java.util.Arrays.copyOfRange(plain, plain.length - 64 * 48 * 2, plain.length));
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void overwriteInstances(Debian debian) {
        byte[] first = Samples.ct(1).get(0);
        byte[] second = first.clone();
        second[second.length - 1] ^= 1;
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("OverwriteInstances", "true");
            Rest rest = clinic.start().rest();
            String id = rest.upload(first);
            assertThat(rest.upload(second)).isEqualTo(id);

            assertThat(rest.file(id)).isEqualTo(second);
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void attachmentsOfUsersAtEveryLevel(Debian debian) {
        byte[] report = "Findings: none. ".repeat(5000).getBytes(StandardCharsets.UTF_8);
        try (Clinic clinic = new Clinic(debian)) {
            Rest rest = clinic.start().rest();
            String instance = rest.upload(Samples.ct(1).get(0));
            String study = rest.json("/studies").get(0).asText();
            for (String owner : List.of("/instances/" + instance, "/studies/" + study)) {
                rest.put(owner + "/attachments/1024", report);
                rest.put(owner + "/attachments/1025", new byte[0]);

                assertThat(rest.get(owner + "/attachments/1024/data")).isEqualTo(report);
                assertThat(rest.get(owner + "/attachments/1025/data")).isEmpty();
                rest.delete(owner + "/attachments/1024");
            }
            ClearText.of(List.of("Findings: none")).assertAbsentFrom(clinic.home());
        }
    }
}
