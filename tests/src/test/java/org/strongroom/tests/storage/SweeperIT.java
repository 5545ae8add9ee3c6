package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Trouble;

/**
 * What two people approved goes, once, wherever a kill falls; nothing else goes, and nothing because a clock is wrong. The clock is ahead
 * before anything is due, and everything is killed: the command behind Orthanc's deletion, all of it while the tier is away, the certificate.
 */
class SweeperIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"}) // the plugin has Orthanc delete
    void whatWasApprovedGoesOnceThroughKillsAndNothingGoesByAWrongClock(Debian debian) throws Exception {
        ObjectNode retention = JSON.createObjectNode().put("Grace", "15 s");
        retention.putArray("Laws").add("DE");
        retention.putArray("Approvers").add("Dr. Roe").add("Dr. Doe");
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().strongroom("Retention", retention);
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            // Kept until some day in the next year: due for a clock that is two years ahead.
            String young = rest.upload(image("P-YOUNG", "2.25.811", "20170101"));
            for (int i = 0; i < 2; i++) {
                rest.upload(image("P-OLD-" + i, "2.25.82" + i, "20050601"));
            }
            clinic.ship();
            String digest = json(clinic.cli("retention", "plan", "--json").orFail())
                    .path("digest")
                    .asText();
            approve(clinic, digest, "Dr. Roe");

            trouble.clock(Duration.ofDays(730));
            approve(clinic, digest, "Dr. Doe");
            Thread.sleep(17_000); // longer than the grace
            assertThat(json(execute(clinic)).path("erased"))
                    .as("a jump is no grace, and makes nothing old")
                    .isEmpty();
            assertThat(rest.instances()).hasSize(3);
            trouble.over();
            assertThat(rest.instances()).hasSize(3);

            killedBehindOrthancsDeletion(clinic, rest, young);
            clinic.unmount("offsite"); // keys are destroyed, and no tier can be told
            List<String> erasures = new ArrayList<>();
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        execute(clinic);
                        assertThat(states(clinic, erasures))
                                .containsOnly("destroyed")
                                .hasSize(2);
                    });
            assertThat(rest.instances()).containsExactly(young);
            orthanc.kill();
            clinic.endSidecars();
            clinic.mount("offsite");
            orthanc.restart();
            clinic.awaitSidecar();

            Set<String> keys = new HashSet<>();
            Collections.reverse(erasures);
            for (String erasure : erasures) {
                if (!keys.isEmpty()) { // the tier has told by now that nothing is left
                    for (int seconds : List.of(1, 2, 4)) {
                        killed(clinic, clinic.startCli("shred", "certificate", erasure), Duration.ofSeconds(seconds));
                    }
                }
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofSeconds(2))
                        .untilAsserted(() -> {
                            JsonNode certificate = json(clinic.cli("shred", "certificate", erasure, "--json"));
                            assertThat(certificate.path("complete").asBoolean()).isTrue();
                            certificate.at("/certificate/statement").forEach(line -> keys.add(line.asText()));
                        });
            }
            assertThat(json(execute(clinic)).path("erased")).as("each once").isEmpty();
            assertThat(states(clinic, new ArrayList<>())).hasSize(2);
            assertThat(certificates(clinic)).containsExactlyInAnyOrderElementsOf(erasures);
            clinic.cli("evict", "--all").orFail();
            assertThat(orthanc.rest().instances()).containsExactly(young);
            assertThat(orthanc.rest().file(young)).isEqualTo(image("P-YOUNG", "2.25.811", "20170101"));
            keys.removeIf(line -> !line.startsWith("key "));
            assertThat(keys).hasSize(2);
            for (Path pack : ClearText.files(clinic.tier("offsite").resolve("packs"))) {
                String bytes = HexFormat.of().formatHex(Files.readAllBytes(pack)); // headers name keys in clear
                keys.forEach(
                        key -> assertThat(bytes).doesNotContain(key.substring(4).replace("-", "")));
            }
        }
    }

    /** Before the keys of what Orthanc has deleted are destroyed; the next run goes on with it. */
    private static void killedBehindOrthancsDeletion(Clinic clinic, Rest rest, String young) throws Exception {
        Process process = clinic.startCli("retention", "execute", "--json");
        try {
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> rest.instances().size() < 3 || !process.isAlive());
        } finally {
            killed(clinic, process, Duration.ZERO);
        }
        assertThat(rest.instances()).contains(young).hasSizeLessThan(3);
    }

    /** With the Java that it started. */
    private static void killed(Clinic clinic, Process process, Duration after) throws InterruptedException {
        Thread.sleep(after.toMillis());
        String folder = clinic.scratch().path().toString();
        ProcessHandle.allProcesses()
                .filter(one -> {
                    String words = String.join(" ", one.info().arguments().orElse(new String[0]));
                    return words.contains("offline.Main") && words.contains(folder);
                })
                .forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
    }

    private static void approve(Clinic clinic, String digest, String owner) {
        clinic.cli("retention", "approve", digest, "--owner", owner, "--reason", "over", "--studies", "2")
                .orFail();
    }

    private static Command.Result execute(Clinic clinic) {
        return clinic.cli("retention", "execute", "--json");
    }

    private static JsonNode json(Command.Result result) {
        return Rest.parse(result.output().getBytes(StandardCharsets.UTF_8));
    }

    /** Of every erasure that there ever was; their ids are put into {@code ids}. */
    private static List<String> states(Clinic clinic, List<String> ids) {
        List<String> states = new ArrayList<>();
        ids.clear();
        for (JsonNode one : json(clinic.cli("shred", "list", "--json").orFail()).path("erasures")) {
            ids.add(one.path("erasure").asText());
            states.add(one.path("state").asText());
        }
        return states;
    }

    /** The erasures that the log has a certificate of, each as often. */
    private static List<String> certificates(Clinic clinic) {
        List<String> found = new ArrayList<>();
        clinic.cli("audit", "search", "--type", "retention", "--json")
                .orFail()
                .output()
                .lines()
                .map(line -> Rest.parse(line.getBytes(StandardCharsets.UTF_8)))
                .filter(event -> event.at("/details/step").asText().equals("certificate"))
                .forEach(event -> found.add(event.at("/details/erasure").asText()));
        return found;
    }

    private static byte[] image(String patient, String study, String date) {
        return SyntheticDicom.mr()
                .patient(patient)
                .study(study)
                .series(study + ".1")
                .studied(date)
                .toBytes();
    }
}
