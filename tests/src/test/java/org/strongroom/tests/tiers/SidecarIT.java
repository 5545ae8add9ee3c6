package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** The sidecar comes and goes; Orthanc keeps storing and reading what is here. */
class SidecarIT {
    /** Among Orthanc's own metrics, once they were told anew. */
    private static void awaitMetrics(Rest rest, String... metrics) {
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            String all = new String(rest.get("/tools/metrics-prometheus"), StandardCharsets.UTF_8);
            assertThat(all.lines().map(line -> line.substring(0, Math.max(0, line.lastIndexOf(' ')))))
                    .contains(metrics);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void withoutOneOrthancStoresAndReadsWhatIsHere(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            JsonNode off = new ObjectMapper().createObjectNode().put("Autostart", false);
            clinic.setup().strongroom("Sidecar", off);
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);

            assertThat(clinic.sidecar()).isEmpty();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            orthanc.rest().delete("/instances/" + id);
            assertThat(orthanc.rest().instances()).isEmpty();
        }
    }

    /** A timetable that lets nothing be sent now, by the clocks of a zone that is hardly this machine's, and everything in two hours. */
    private static JsonNode closedNow() {
        String zone = "Asia/Kathmandu";
        LocalTime there = LocalTime.now(ZoneId.of(zone)).truncatedTo(ChronoUnit.MINUTES);
        ObjectNode uplink = new ObjectMapper().createObjectNode().put("TimeZone", zone);
        uplink.putArray("Timetable")
                .addObject()
                .put("From", there.minusHours(2).toString())
                .put("To", there.plusHours(2).toString())
                .put("Limit", "off");
        return uplink;
    }

    private static JsonNode told(Clinic clinic, String command) {
        try {
            return new ObjectMapper().readTree(clinic.cli(command, "--json").output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void aKilledOneIsStartedAgainAndColdReadsWorkAgain(Debian debian) {
        List<byte[]> slices = Samples.ct(4);
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().strongroom("Uplink", closedNow());
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(told(clinic, "status")
                            .at("/backlog/waitsFor/0/message")
                            .asText())
                    .contains("the timetable of the uplink lets nothing be sent until"));
            assertThat(clinic.cli("ship", "--now", "--timeout", "3 s").status()).isEqualTo(1);
            assertThat(clinic.tier("offsite").resolve("packs")).doesNotExist();
            clinic.cli("uplink", "--limit", "unlimited", "--for", "1 h").orFail();
            clinic.makeCold();
            ProcessHandle killed = clinic.sidecar().orElseThrow();
            killed.destroyForcibly();

            await().atMost(Duration.ofMinutes(2)).until(() -> clinic.sidecar()
                    .filter(now -> now.pid() != killed.pid() && now.isAlive())
                    .isPresent());
            JsonNode uplink = told(clinic, "uplink");
            assertThat(uplink.path("limit").asText())
                    .as("what was ordered survives")
                    .isEqualTo("unlimited");
            assertThat(uplink.path("settings").asText()).isEqualTo("off");
            clinic.cli("uplink", "--back").orFail();
            assertThat(told(clinic, "uplink").path("limit").asText()).isEqualTo("off");
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(slices);
            awaitMetrics(
                    orthanc.rest(),
                    "strongroom_sidecar_up 1",
                    "strongroom_stored_instances 4",
                    "strongroom_backlog_instances 0",
                    "strongroom_tier_healthy{tier=\"offsite\"} 1",
                    "strongroom_tier_copies{tier=\"offsite\"} 1");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void oneThatHangsIsReplacedAndHoldsUpNobodyMeanwhileAndTheNextEndsAfterItsOrthanc(Debian debian) {
        List<byte[]> slices = Samples.ct(4);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();
            ProcessHandle hung = clinic.sidecar().orElseThrow();
            Command.of("kill", "-STOP", hung.pid()).run().orFail();
            assertThat(orthanc.rest()
                            .patience(Duration.ofSeconds(50))
                            .send("GET", "/instances/" + ids.get(0) + "/file", null)
                            .statusCode())
                    .as("of an image that only a sidecar can fetch")
                    .isEqualTo(503);

            byte[] another = Samples.otherStudy();
            assertThat(orthanc.rest().file(orthanc.rest().upload(another))).isEqualTo(another);
            await().atMost(Duration.ofMinutes(3)).until(() -> clinic.sidecar()
                    .filter(now -> now.pid() != hung.pid() && now.isAlive())
                    .isPresent());
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(slices);
            awaitMetrics(orthanc.rest(), "strongroom_sidecar_up 1", "strongroom_tier_healthy{tier=\"offsite\"} 1");
            endsSomeTimeAfterItsOrthanc(clinic, orthanc);
        }
    }

    private static void endsSomeTimeAfterItsOrthanc(Clinic clinic, OrthancProcess orthanc) {
        ProcessHandle sidecar = clinic.sidecar().orElseThrow();
        orthanc.stop();

        await().atMost(Duration.ofMinutes(2)).until(() -> !sidecar.isAlive());
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void oneThatSurvivesItsOrthancIsAdopted(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.sidecar().isPresent());
            long before = clinic.sidecar().orElseThrow().pid();
            orthanc.kill();
            orthanc.restart();

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> clinic.status().path("plugin").asText().equals("connected"));
            assertThat(clinic.sidecar().orElseThrow().pid()).isEqualTo(before);
        }
    }
}
