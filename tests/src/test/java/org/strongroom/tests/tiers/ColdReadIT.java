package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
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

/** What an evicted study still gives without its tier, and what it does when many read it, or a local copy is damaged. */
class ColdReadIT {

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void headsStayAndManyReadersAtOnceGetTheBodies(Debian debian) {
        List<byte[]> slices = Samples.ct(24);
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
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(clinic.wholeSealedFiles())
                    .as("the series of which somebody opened one image")
                    .hasSameSizeAs(slices));
            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles()).isEmpty();
            List<byte[]> read = ids.parallelStream().map(orthanc.rest()::file).toList();
            assertThat(read).containsExactlyElementsOf(slices);
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
            clinic.ship();
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
}
