package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;

/**
 * Machine and first tier are gone. There is the second one, which joined later: nothing of what was erased before was ever in it, not even a wrapped key. What
 * is held stays held, and the audit log says where the one before ended.
 */
class RecoverReplicaIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ERASED = "2.25.4242";

    private final Map<String, byte[]> images = new HashMap<>();
    private JsonNode holds;

    @Test
    void theTierThatJoinedLaterIsAWorkingPacsInWhichEveryHoldHolds() throws IOException {
        try (Clinic lost = new Clinic(Debian.TRIXIE).withPassphrase();
                Clinic made = new Clinic(Debian.SID).withPassphrase()) {
            List<Path> sheets = burn(lost);
            assertThat(ClearText.files(lost.tier("replica").resolve("keys")))
                    .as("what was erased was in a segment of its own, which is not here")
                    .noneMatch(file -> file.getFileName().toString().startsWith("00000001-"));
            // What somebody had kept of the configuration names the tier that burnt as well.
            made.scratch().folder("new");
            ObjectNode left = JSON.createObjectNode();
            left.withObject("/Strongroom")
                    .set("Tiers", lost.setup().configuration().at("/Strongroom/Tiers"));
            Path config =
                    made.scratch().file("new/orthanc.json", left.toString().getBytes(StandardCharsets.UTF_8));
            JsonNode told = told(Debian.SID
                    .command(
                            Distribution.get().launcher(),
                            "recover",
                            "--json",
                            "--from",
                            "replica",
                            "--home",
                            made.home(),
                            "--config",
                            config)
                    .and(sheets.toArray())
                    .within(Duration.ofMinutes(5))
                    .run());
            assertThat(told.path("whole").asBoolean()).as(told.toString()).isTrue();

            ObjectNode completed = (ObjectNode) Rest.parse(Files.readAllBytes(config));
            assertThat(completed.at("/Strongroom/Tiers")).as("as it was").hasSize(2);
            completed.withObject("/Strongroom/Tiers").remove("offsite");
            made.setup().configuration().setAll(completed);
            OrthancProcess orthanc = made.start();
            assertThat(orthanc.rest().instances()).containsExactlyInAnyOrderElementsOf(images.keySet());
            images.forEach((id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
            assertThat(told(made.cli("hold", "list", "--json")).path("holds")).isEqualTo(holds);
            byte[] next = Samples.otherStudy();
            images.put(orthanc.rest().upload(next), next);
            made.makeCold();
            images.forEach((id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
            made.cli("verify", "--all").orFail();
            logGoesOn(made);
        }
    }

    private static void logGoesOn(Clinic made) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(events(made, "key").toString()).contains("recovering", "recovered"));
        List<JsonNode> gaps = events(made, "recording-gap");
        assertThat(gaps).as(gaps.toString()).hasSize(1);
        assertThat(gaps.get(0).at("/details/formerSize").asLong()).isPositive();
        assertThat(gaps.get(0).at("/details/formerRoot").asText()).hasSize(64);
        made.cli("audit", "verify").orFail();
    }

    private static List<JsonNode> events(Clinic made, String type) {
        return made.cli("audit", "search", "--type", type, "--json")
                .orFail()
                .output()
                .lines()
                .map(line -> Rest.parse(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** Stores, erases, adds a tier, holds, and destroys all but that tier; three sheets. */
    private List<Path> burn(Clinic lost) throws IOException {
        ObjectNode retention = JSON.createObjectNode();
        retention.putArray("Approvers").add("Dr. Roe").add("Dr. Doe");
        lost.setup()
                .strongroom("Retention", retention)
                .strongroom(
                        "Audit",
                        JSON.createObjectNode().put("CheckpointInterval", "1 s").put("AnchorInterval", "5 s"));
        OrthancProcess first = lost.start();
        erase(lost, first.rest());
        images.put(first.rest().upload(Samples.otherPatient()), Samples.otherPatient());
        lost.ship();
        first.stop();
        lost.endSidecars();

        lost.directoryTier("replica");
        OrthancProcess orthanc = lost.start();
        lost.awaitSidecar();
        lost.cli("tier", "add", "replica").orFail();
        for (byte[] image : Samples.ct(3)) {
            images.put(orthanc.rest().upload(image), image);
        }
        lost.ship();
        hold(lost, "--patient", Samples.PATIENT_ID);
        hold(lost, "--study", Samples.STUDY);
        hold(lost, "--modality", "CT", "--from", "2000-01-01");
        hold(lost, "--tenant", "clinic");
        holds = told(lost.cli("hold", "list", "--json")).path("holds");
        assertThat(holds).hasSize(4);
        lost.cli("snapshot", "--now").orFail();
        long logged = logged(lost);
        JsonNode kit = told(lost.cli(
                "kit",
                "create",
                "--json",
                "--shares",
                "5",
                "--need",
                "3",
                "--out",
                lost.scratch().path().resolve("kit")));
        lost.endSidecars(); // the next one copies the journal at once
        await().atMost(Duration.ofMinutes(3)).until(() -> InTier.hasWholeJournal(lost, "replica"));
        await().atMost(Duration.ofMinutes(1)).until(() -> InTier.hasSnapshot(lost, "replica"));
        await().atMost(Duration.ofMinutes(1)).until(() -> anchored(lost) >= logged);
        orthanc.kill();
        lost.endSidecars();
        List<Path> sheets = new ArrayList<>();
        kit.path("sheets").forEach(sheet -> sheets.add(Path.of(sheet.asText())));
        for (String gone : List.of("home", "orthanc", "passphrase", "tier-offsite")) {
            Scratch.delete(lost.scratch().path().resolve(gone));
        }
        return sheets.subList(1, 4);
    }

    /** How many events the log has that is signed. */
    private static long logged(Clinic lost) throws IOException {
        return Long.parseLong(
                Files.readAllLines(lost.home().resolve("audit/checkpoint")).get(1));
    }

    /** Up to which event the tier has it. */
    private static long anchored(Clinic lost) {
        return ClearText.files(lost.tier("replica").resolve("audit")).stream()
                .filter(file -> file.getParent().endsWith("checkpoints"))
                .mapToLong(file -> Long.parseLong(file.getFileName().toString().substring(0, 18)))
                .max()
                .orElse(0);
    }

    /** The only key of its segment is destroyed: what comes later is in another one. */
    private static void erase(Clinic lost, Rest rest) {
        String instance = rest.upload(Samples.ct(1, ERASED).get(0));
        lost.ship();
        rest.delete("/instances/" + instance);
        String[] roe = {"--study", ERASED, "--owner", "Dr. Roe", "--reason", "asked for it"};
        String erasure =
                told(lost.cli(words("shred order --json", roe))).path("erasure").asText();
        String[] doe = {erasure, "--study", ERASED, "--owner", "Dr. Doe", "--reason", "checked"};
        lost.cli(words("shred approve", doe)).orFail();
    }

    private static void hold(Clinic lost, String... what) {
        lost.cli(words("hold add --owner court --reason case", what)).orFail();
    }

    private static Object[] words(String first, String... more) {
        List<Object> all = new ArrayList<>(Arrays.asList((Object[]) first.split(" ")));
        all.addAll(List.of(more));
        return all.toArray();
    }

    private static JsonNode told(Command.Result result) {
        return Rest.parse(result.orFail().output().getBytes(StandardCharsets.UTF_8));
    }
}
