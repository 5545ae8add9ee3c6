package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
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
            // Only now does Orthanc keep what stands before the pixels in an attachment of its own.
            byte[] untilPixels = Arrays.copyOf(image, image.length - Samples.fromPixelData(image).length);
            String until = "/instances/" + id + "/attachments/dicom-until-pixel-data/data";
            assertThat(rest.get(until)).isEqualTo(untilPixels);

            UserAttachments attachments = new UserAttachments(rest);
            attachments.put();
            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles()).isEmpty();
            assertThat(rest.get(until)).isEqualTo(untilPixels);
            assertThat(rest.file(id)).isEqualTo(image);
            attachments.assertThere();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void compressionSwitchedOnAndOffAgainLeavesOldInstancesReadable(Debian debian) {
        List<byte[]> images = Samples.ct(3);
        try (Clinic clinic = new Clinic(debian)) {
            var orthanc = clinic.start();
            String before = orthanc.rest().upload(images.get(0));
            orthanc.stop();
            clinic.setup().set("StorageCompression", "true");
            orthanc.restart();
            String compressed = orthanc.rest().upload(images.get(1));
            assertThat(orthanc.rest().file(before)).isEqualTo(images.get(0));
            orthanc.stop();
            clinic.setup().set("StorageCompression", "false");
            orthanc.restart();
            String after = orthanc.rest().upload(images.get(2));

            List<String> ids = List.of(before, compressed, after);
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
            clinic.makeCold();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void ingestTranscoding(Debian debian) {
        byte[] rle = Samples.everyKind().get("ct-rle");
        byte[] plain = Samples.everyKind().get("ct");
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("IngestTranscoding", "\"1.2.840.10008.1.2.1\"");
            Rest rest = clinic.start().rest();
            String id = rest.upload(rle);

            assertThat(rest.get("/instances/" + id + "/frames/0/raw"))
                    .as("decompressed on arrival, then sealed")
                    .isEqualTo(Arrays.copyOfRange(plain, plain.length - 64 * 48 * 2, plain.length));
            byte[] transcoded = rest.file(id);
            UserAttachments attachments = new UserAttachments(rest);
            attachments.put();
            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles()).isEmpty();
            assertThat(rest.file(id)).isEqualTo(transcoded);
            attachments.assertThere();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
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
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void attachmentsOfUsersAtEveryLevel(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            Rest rest = clinic.start().rest();
            rest.upload(Samples.ct(1).get(0));
            UserAttachments attachments = new UserAttachments(rest);
            attachments.put();

            attachments.assertThere();
            ClearText.of(List.of(UserAttachments.TEXT)).assertAbsentFrom(clinic.home());
            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles()).isEmpty();
            attachments.assertThere();
            attachments.delete();
            assertThat(clinic.cli("fsck").status()).isZero();
        }
    }
}
