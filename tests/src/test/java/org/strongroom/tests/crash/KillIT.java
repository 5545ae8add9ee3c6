package org.strongroom.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Senders;

/** kill -9 of Orthanc and of the sidecar, at moments that nobody chose. */
class KillIT {

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void whatOrthancAcknowledgedBeforeTheKillIsThereAfterIt(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Senders senders = new Senders(orthanc, 2);
            try (senders) {
                for (int kill = 0; kill < 3; kill++) {
                    senders.awaitMore(10);
                    orthanc.kill();
                    orthanc.restart();
                }
            }

            senders.assertNothingLost();
            clinic.makeCold();
            senders.assertNothingLost();
        }
    }

    @Tag("unproven")
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void shippingGoesOnAfterTheSidecarWasKilledInTheMiddle(Debian debian) {
        List<byte[]> slices = Samples.ct(60);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            for (int kill = 0; kill < 3; kill++) {
                await().atMost(Duration.ofMinutes(1))
                        .until(() ->
                                clinic.sidecar().filter(ProcessHandle::isAlive).isPresent());
                clinic.cli("ship", "--now", "--timeout", "1 s");
                clinic.sidecar().ifPresent(ProcessHandle::destroyForcibly);
            }
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> clinic.sidecar().filter(ProcessHandle::isAlive).isPresent());
            clinic.makeCold();

            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(slices);
            List<Path> packs = ClearText.files(clinic.tier("offsite").resolve("packs"));
            assertThat(packs).as("no pack was shipped twice").hasSize(1);
        }
    }
}
