package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;

/** Orthanc's delete only writes a tombstone; within the grace time the image can be had back. */
class ForgetIT {

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
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
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void undeleteBringsItBackBitByBit(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            clinic.cli("ship", "--now").orFail();
            orthanc.rest().delete("/instances/" + id);

            clinic.cli("undelete", "--all").orFail();

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> orthanc.rest().instances().contains(id));
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
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
}
