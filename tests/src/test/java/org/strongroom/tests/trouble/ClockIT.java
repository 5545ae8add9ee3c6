package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Trouble;

/** The machine's clock is wrong for a while, and then right again: nothing is lost, nothing waits for the wrong time. */
class ClockIT {
    /** In Berlin: when what was 03:00 in summer is 02:00 for the second time, and when 03:00 comes after 01:59:59. */
    private static final Instant BACK = Instant.parse("2026-10-25T01:00:00Z");

    private static final Instant FORWARD = Instant.parse("2027-03-28T01:00:00Z");

    @Test
    void whatMayBeSentFollowsTheClockOnTheWallWhenThatIsChanged() {
        List<byte[]> images = Samples.ct(2);
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            ObjectNode uplink = clinic.setup().configuration().withObject("/Strongroom/Uplink");
            uplink.put("TimeZone", "Europe/Berlin");
            uplink.putArray("Timetable")
                    .addObject()
                    .put("Days", "Sun")
                    .put("From", "01:30")
                    .put("To", "02:30")
                    .put("Limit", "off");
            clinic.setup()
                    .strongroom("Pack", JsonNodeFactory.instance.objectNode().put("Quiet", "1 s"));
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            clinic.awaitSidecar();

            setClock(trouble, BACK.minusSeconds(15 * 60)); // 02:45, and in a quarter of an hour it is closed once more
            awaitUplink(clinic, "unlimited", BACK);
            setClock(trouble, BACK.plusSeconds(15 * 60));
            awaitUplink(clinic, "off", BACK.plusSeconds(30 * 60));

            setClock(trouble, FORWARD.minusSeconds(60));
            awaitUplink(clinic, "off", FORWARD); // and not half an hour later
            orthanc.rest().upload(images.get(0));
            await().pollDelay(Duration.ofSeconds(8)).until(() -> waiting(clinic) == 1);
            await().atMost(Duration.ofMinutes(4)).until(() -> waiting(clinic) == 0);
            trouble.over();
        }
    }

    private static void setClock(Trouble trouble, Instant time) {
        trouble.over(); // of two the first would hold
        trouble.clock(Duration.between(Instant.now(), time));
    }

    private static void awaitUplink(Clinic clinic, String limit, Instant changes) {
        await().untilAsserted(() -> {
            JsonNode now = new ObjectMapper()
                    .readTree(clinic.cli("uplink", "--json").orFail().output());
            assertThat(now.path("changes").asText()).isEqualTo(changes.toString());
            assertThat(now.path("limit").asText()).isEqualTo(limit);
        });
    }

    private static long waiting(Clinic clinic) {
        return clinic.status().at("/backlog/instances").asLong(-1);
    }

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
