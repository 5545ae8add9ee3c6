package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.ColdReader;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Senders;

/**
 * {@code /tools/reset}, or SIGHUP, unloads the plugin and loads it again in the same process, in which a JVM can be created once.
 * {@code -Dabuse.resets=200} for a long night.
 */
class ResetIT {
    private static final int RESETS = Integer.getInteger("abuse.resets", 10);
    private static final int HANG_UPS = 1;

    @ParameterizedTest
    @EnumSource
    void resetsUnderLoadLoseNothingThatWasAcknowledged(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Map<String, byte[]> study = new LinkedHashMap<>();
            Samples.oneSliceSeries(3 * (RESETS + HANG_UPS))
                    .forEach(image -> study.put(orthanc.rest().upload(image), image));
            clinic.makeCold();
            ProcessHandle sidecar = clinic.sidecar().orElseThrow();

            Senders senders = new Senders(orthanc, 2, 1);
            ColdReader reader = new ColdReader(orthanc, study);
            try (senders;
                    reader) {
                for (int reset = 0; reset < RESETS + HANG_UPS; reset++) {
                    senders.awaitMore(3);
                    reader.awaitMore(1);
                    if (reset < RESETS) {
                        orthanc.reset();
                    } else {
                        orthanc.hangUp();
                    }
                }
                senders.awaitMore(3);
                reader.awaitMore(1);
            }

            assertThat(orthanc.running()).as(orthanc.log()).isTrue();
            senders.assertNothingLost();
            assertThat(ClearText.files(clinic.scratch().folder("orthanc")))
                    .as("while one plugin had gone and the next was not there yet, nothing was stored in clear")
                    .allMatch(file -> file.getFileName().toString().startsWith("index"));
            assertThat(senders.sentByDicom()).isPositive();
            assertThat(clinic.sidecar())
                    .as("the sidecar of the first start, adopted each time")
                    .contains(sidecar);
            assertThat(sidecar.isAlive()).isTrue();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> clinic.status().path("plugin").asText().equals("connected"));
        }
    }
}
