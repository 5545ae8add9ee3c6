package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.UserAttachments;

/** Options of Orthanc that change what it hands to a storage area. */
class OrthancOptionsIT {

    /** One after the other, for one clinic. */
    @ParameterizedTest
    @EnumSource(Debian.class)
    void whatTheyLeaveBehindIsServedAndComesBack(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            storageCompressionSwitchedOnAndOffAgain(clinic, orthanc);
            ingestTranscoding(clinic, orthanc.rest());
            overwriteInstancesAndAttachmentsOfUsersAtEveryLevel(clinic, orthanc.rest());
        }
    }

    /** And leaves the other two options on. */
    private static void storageCompressionSwitchedOnAndOffAgain(Clinic clinic, OrthancProcess orthanc) {
        List<byte[]> images = Samples.ct(4).subList(1, 4); // the first is one of every kind as well
        Rest rest = orthanc.rest();
        String before = rest.upload(images.get(0));
        orthanc.stop();
        clinic.setup().set("StorageCompression", "true");
        orthanc.restart();
        byte[] image = images.get(1);
        String id = rest.upload(image);
        assertThat(rest.file(before)).isEqualTo(images.get(0));
        assertThat(rest.file(id)).isEqualTo(image);
        assertThat(rest.json("/instances/" + id + "/simplified-tags")
                        .path("PatientID")
                        .asText())
                .isEqualTo(Samples.PATIENT_ID);
        ClearText.of(List.of(Samples.PATIENT_NAME), image).assertAbsentFrom(clinic.home());
        // Only while it compresses does Orthanc keep what stands before the pixels in an attachment of its own.
        byte[] untilPixels = Arrays.copyOf(image, image.length - Samples.fromPixelData(image).length);
        String until = "/instances/" + id + "/attachments/dicom-until-pixel-data/data";
        assertThat(rest.get(until)).isEqualTo(untilPixels);
        Map<String, byte[]> kinds = new HashMap<>();
        Samples.everyKind().forEach((kind, file) -> kinds.put(rest.upload(file), file));
        UserAttachments attachments = new UserAttachments(rest);
        attachments.put();
        orthanc.stop();
        clinic.setup()
                .set("StorageCompression", "false")
                .set("IngestTranscoding", "\"1.2.840.10008.1.2.1\"")
                .set("OverwriteInstances", "true");
        orthanc.restart();

        List<String> ids = List.of(before, id, rest.upload(images.get(2)));
        assertThat(ids.stream().map(rest::file).toList()).containsExactlyElementsOf(images);
        clinic.makeCold();
        assertThat(clinic.wholeSealedFiles()).isEmpty();
        assertThat(ids.stream().map(rest::file).toList()).containsExactlyElementsOf(images);
        kinds.forEach((kind, file) -> assertThat(rest.file(kind)).isEqualTo(file));
        assertThat(rest.get(until)).isEqualTo(untilPixels);
        attachments.assertThere();
        attachments.delete();
    }

    private static void ingestTranscoding(Clinic clinic, Rest rest) {
        byte[] rle = Samples.everyKind().get("ct-rle");
        byte[] plain = Samples.everyKind().get("ct");
        String id = rest.upload(rle); // over the one that was stored as it was sent

        assertThat(rest.get("/instances/" + id + "/frames/0/raw"))
                .as("decompressed on arrival, then sealed")
                .isEqualTo(Arrays.copyOfRange(plain, plain.length - 64 * 48 * 2, plain.length));
        byte[] transcoded = rest.file(id);
        assertThat(transcoded).isNotEqualTo(rle);
        UserAttachments attachments = new UserAttachments(rest);
        attachments.put();
        clinic.makeCold();
        assertThat(clinic.wholeSealedFiles()).isEmpty();
        assertThat(rest.file(id)).isEqualTo(transcoded);
        attachments.assertThere();
        attachments.delete();
    }

    private static void overwriteInstancesAndAttachmentsOfUsersAtEveryLevel(Clinic clinic, Rest rest) {
        byte[] first = Samples.otherPatient();
        byte[] second = first.clone();
        second[second.length - 1] ^= 1;
        clinic.makeCold();
        int stored = stored(clinic);
        String id = rest.upload(first);
        assertThat(rest.upload(second)).isEqualTo(id);
        assertThat(rest.file(id)).isEqualTo(second);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(stored(clinic))
                .as("the first has a tombstone")
                .isEqualTo(stored + 1));
        assertThat(clinic.wholeSealedFiles()).as("and its grace").hasSize(2);

        UserAttachments attachments = new UserAttachments(rest);
        attachments.put();
        attachments.assertThere();
        ClearText.of(List.of(UserAttachments.TEXT)).assertAbsentFrom(clinic.home());
        clinic.makeCold();
        assertThat(rest.file(id)).isEqualTo(second);
        attachments.assertThere();
        attachments.delete();
        assertThat(clinic.cli("fsck").status()).isZero();
    }

    private static int stored(Clinic clinic) {
        return clinic.status().at("/stored/instances").asInt(-1);
    }
}
