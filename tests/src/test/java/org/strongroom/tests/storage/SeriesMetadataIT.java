package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;

/** What DICOMweb attaches to a series, which is no image of it. */
class SeriesMetadataIT {

    /** DICOMweb 1.7 attaches nothing. */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM", mode = EnumSource.Mode.EXCLUDE)
    void metadataThatDicomwebAttachesToASeriesIsOfItsStudy(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("StableAge", "1");
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(orthanc.rest()::upload);
            String series = orthanc.rest().json("/series").path(0).asText();
            String attached = "/series/" + series + "/attachments/4301/data";
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> orthanc.rest().send("GET", attached, null).statusCode() == 200);
            byte[] metadata = orthanc.rest().get(attached);

            clinic.makeCold();
            assertThat(clinic.status().at("/stored/instances").asInt())
                    .as("images; the metadata is none")
                    .isEqualTo(3);
            assertThat(ClearText.files(clinic.tier("offsite").resolve("packs"))).hasSize(1);
            assertThat(orthanc.rest().get(attached)).isEqualTo(metadata);
        }
    }
}
