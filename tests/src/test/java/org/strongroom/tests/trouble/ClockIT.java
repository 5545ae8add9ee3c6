package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Trouble;

/** The machine's clock is wrong for a while, and then right again: nothing is lost, nothing waits for the wrong time. */
class ClockIT {

    @ParameterizedTest
    @ValueSource(ints = {40, -9_000})
    void wrongByDaysAndRightAgain(int days) {
        List<byte[]> images = Samples.ct(3);
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.setup()
                    .strongroom("Pack", JsonNodeFactory.instance.objectNode().put("Quiet", "10 s"));
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            String early = orthanc.rest().upload(images.get(0));
            clinic.ship();

            trouble.clock(Duration.ofDays(days));
            orthanc.stop();
            clinic.endSidecars(); // nothing that runs remembers the right time
            orthanc.restart();
            clinic.awaitSidecar();
            String deleted = orthanc.rest().upload(images.get(2));
            clinic.ship();
            String kept = orthanc.rest().upload(images.get(1));
            orthanc.rest().delete("/instances/" + deleted);
            orthanc.rest().delete("/instances/" + early);
            trouble.over();

            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(
                            clinic.status().at("/backlog/instances").longValue())
                    .as("shipped unaided")
                    .isZero());
            clinic.cli("evict", "--all").orFail();
            assertThat(orthanc.rest().file(kept)).isEqualTo(images.get(1));

            clinic.cli("undelete", "--all").orFail();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> orthanc.rest().instances().containsAll(List.of(deleted, early)));
            assertThat(orthanc.rest().file(deleted)).isEqualTo(images.get(2));
            assertThat(orthanc.rest().file(early)).isEqualTo(images.get(0));
        }
    }
}
