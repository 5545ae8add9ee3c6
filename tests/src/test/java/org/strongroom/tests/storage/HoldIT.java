package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;

/** What the law wants is told study by study; what is held outlives Orthanc's delete and every grace, and comes back; what is erased does not. */
class HoldIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A command that knows the keys computes for two seconds; what it asks about comes round every half minute. */
    private static final Duration EACH_ASKS = Duration.ofSeconds(5);

    private static final String HELD = "2.25.81";
    private static final String GONE = "2.25.82";
    private static final String MINOR = "2.25.83";
    private static final String UNKNOWN = "2.25.84";
    private static final String MAGNET = "2.25.85";

    @Test
    void aHeldStudySurvivesItsDeleteAndThePlanSaysWhyEachStays() {
        byte[] held = ct("P-HELD", HELD).toBytes();
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.setup()
                    .strongroom("Forget", JSON.createObjectNode().put("Grace", "1 s"))
                    .strongroom(
                            "Retention",
                            JSON.createObjectNode()
                                    .<ObjectNode>set(
                                            "Laws", JSON.createArrayNode().add("DE"))
                                    .set(
                                            "Approvers",
                                            JSON.createArrayNode()
                                                    .add("Dr. Roe")
                                                    .add("Dr. Doe")));
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            String heldId = rest.upload(held);
            Set<String> heldFiles = names(clinic.wholeSealedFiles());
            String goneId = rest.upload(ct("P-GONE", GONE).toBytes());
            Set<String> goneFiles = names(clinic.wholeSealedFiles());
            goneFiles.removeAll(heldFiles);
            rest.upload(
                    ct("P-MINOR", MINOR).born("20150601").studied("20200601").toBytes());
            rest.upload(ct("P-UNKNOWN", UNKNOWN).born("").studied("20050601").toBytes());
            rest.upload(of(SyntheticDicom.mr(), "P-MAGNET", MAGNET)
                    .studied("20050601")
                    .toBytes());
            clinic.ship();
            String hold = json(clinic, "hold", "add", "--study", HELD, "--owner", "Dr. Roe", "--reason", "case 12/26")
                    .path("hold")
                    .asText();

            plan(clinic, hold);

            int packs = packs(clinic);
            rest.delete("/instances/" + heldId);
            rest.delete("/instances/" + goneId);
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> {
                        clinic.sidecar().ifPresent(ProcessHandle::destroyForcibly); // it purges when it starts
                        clinic.awaitSidecar();
                        Thread.sleep(3_000);
                        assertThat(packs(clinic)).isEqualTo(packs - 1);
                    });
            Set<String> here = names(ClearText.files(clinic.home().resolve("cache")));
            assertThat(here).containsAll(heldFiles).doesNotContainAnyElementsOf(goneFiles);

            clinic.cli("evict", "--all").orFail();
            clinic.cli("undelete", "--hold", hold).orFail();
            assertThat(rest.instances()).contains(heldId).doesNotContain(goneId);
            assertThat(rest.file(heldId)).as("from the tier").isEqualTo(held);

            JsonNode listed = json(clinic, "hold", "list").path("holds").path(0);
            assertThat(listed.path("hold").asText()).isEqualTo(hold);
            assertThat(listed.path("kind").asText()).isEqualTo("study");
            assertThat(listed.path("owner").asText()).isEqualTo("Dr. Roe");
            clinic.process("hold", "remove", hold, "--owner", "Dr. Doe", "--reason", "settled")
                    .orFail();
            assertThat(json(clinic, "hold", "list").path("holds")).isEmpty();

            erase(clinic, rest, heldId);
            eraseAll(clinic, rest);
        }
    }

    @Test
    void whatIsDueGoesWhenTwoApprovedAndTheGraceIsOverAndNothingElse() {
        ObjectNode retention = JSON.createObjectNode().put("Grace", "40 s").put("DailyLimit", 1);
        retention.putArray("Laws").add("DE");
        retention.putArray("Approvers").add("Dr. Roe").add("Dr. Doe");
        byte[] kept = ct("P-KEPT", HELD).toBytes();
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.setup().strongroom("Retention", retention);
            Rest rest = clinic.start().rest();
            String keptId = rest.upload(kept);
            Map<String, String> due = new HashMap<>(); // instance by study
            for (String study : List.of(GONE, MINOR, UNKNOWN)) {
                SyntheticDicom old =
                        of(SyntheticDicom.mr(), "P-" + study, study).studied("20050601");
                due.put(study, rest.upload(old.toBytes()));
            }
            clinic.ship();
            clinic.cli("evict", "--all").orFail();

            String digest = json(clinic, "retention", "plan").path("digest").asText();
            Command.Result alarm = approve(clinic, digest, "Dr. Roe", "1");
            assertThat(alarm.errors()).contains("ALARM");
            approve(clinic, digest, "Dr. Roe", "3").orFail();
            assertThat(approve(clinic, digest, "Dr. Roe", "3").errors()).contains("cannot be the second");
            approve(clinic, digest, "Dr. Doe", "3").orFail();
            assertThat(execute(clinic).path("erased")).as("the grace").isEmpty();
            assertThat(rest.instances()).hasSize(4);
            json(clinic, "hold", "add", "--study", GONE, "--owner", "Dr. Roe", "--reason", "case 1/27");

            JsonNode first = await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofSeconds(5))
                    .until(() -> execute(clinic), result -> !result.path("erased")
                            .isEmpty());
            assertThat(first.path("erased")).as("the limit of a day").hasSize(1);
            assertThat(first.path("left").toString()).isEqualTo("{\"held\":1}");
            assertThat(first.path("waiting").asInt()).isEqualTo(1);
            assertThat(first.path("failures")).isEmpty();
            assertThat(rest.instances()).hasSize(3).contains(keptId, due.get(GONE));
            assertThat(execute(clinic).path("erased")).as("the same day").isEmpty();
            clinic.process("retention", "undo", digest, "--owner", "Dr. Doe", "--reason", "wait for the lawyer")
                    .orFail();
            assertThat(execute(clinic).path("waiting").asInt()).isZero();

            String erasure = first.path("erased").path(0).asText();
            await().atMost(Duration.ofMinutes(2)).pollInterval(EACH_ASKS).untilAsserted(() -> assertThat(
                            clinic.cli("shred", "certificate", erasure).orFail().output())
                    .contains("COMPLETE"));
            assertThat(json(clinic, "retention", "plan").path("studies")).hasSize(3);
            assertThat(rest.file(keptId)).as("from the tier").isEqualTo(kept);
            clinic.cli("verify", "--all").orFail();
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(
                                    clinic.cli("audit", "search", "--json").output())
                            .contains(digest, erasure, "alarm", "agree", "delete", "execute", "undo"));
        }
    }

    private static Command.Result approve(Clinic clinic, String digest, String owner, String studies) {
        return clinic.cli("retention", "approve", digest, "--owner", owner, "--reason", "over", "--studies", studies);
    }

    private static JsonNode execute(Clinic clinic) {
        Command.Result result = clinic.cli("retention", "execute", "--json");
        return Rest.parse(result.output().getBytes(StandardCharsets.UTF_8));
    }

    /** What two people erase is opened by nothing that is left, whatever of its ciphertext somebody kept; everything else is. */
    private static void erase(Clinic clinic, Rest rest, String instance) {
        clinic.ship();
        Path recorded = clinic.scratch().path().resolve("recorded");
        for (String part : List.of("packs", "keys", "installation")) { // the journal's copies come and go
            copy(clinic.tier("offsite").resolve(part), recorded.resolve(part));
        }
        assertThat(studies(clinic, recorded)).contains(HELD, MINOR);

        String[] doe = {"--study", HELD, "--owner", "Dr. Doe", "--reason", "checked"};
        String erasure = json(
                        clinic, "shred", "order", "--study", HELD, "--owner", "Dr. Roe", "--reason", "asked for it")
                .path("erasure")
                .asText();
        Command.Result early = clinic.cli("shred", "approve", erasure, doe[0], doe[1], doe[2], doe[3], doe[4], doe[5]);
        assertThat(early.status()).isEqualTo(1);
        assertThat(early.errors()).contains("Orthanc still has images of this");
        rest.delete("/instances/" + instance);
        Command.Result alone =
                clinic.cli("shred", "approve", erasure, "--study", HELD, "--owner", "dr. roe", "--reason", "checked");
        assertThat(alone.errors()).contains("cannot approve it");
        json(clinic, "shred", "approve", erasure, doe[0], doe[1], doe[2], doe[3], doe[4], doe[5]);
        await().atMost(Duration.ofMinutes(2)).pollInterval(EACH_ASKS).untilAsserted(() -> assertThat(
                        clinic.cli("shred", "certificate", erasure).orFail().output())
                .contains("COMPLETE"));

        assertThat(studies(clinic, recorded))
                .as("the bundle of before is the one thing that opens it")
                .contains(HELD);
        ClearText.files(recorded.resolve("keys")).forEach(HoldIT::delete);
        copy(clinic.tier("offsite").resolve("keys"), recorded.resolve("keys"));
        assertThat(studies(clinic, recorded)).contains(MINOR, MAGNET).doesNotContain(HELD);
        clinic.cli("verify", "--all").orFail();
    }

    /** A whole tenant: everything that is left, in one order. */
    private static void eraseAll(Clinic clinic, Rest rest) {
        String[] court = {"--owner", "court", "--reason", "case 13/26"};
        JsonNode magnets = json(
                clinic,
                "hold",
                "add",
                "--modality",
                "MR",
                "--from",
                "2005-01-01",
                court[0],
                court[1],
                court[2],
                court[3]);
        assertThat(magnets.path("keys").asInt()).isEqualTo(1);
        Command.Result refused =
                clinic.cli("shred", "order", "--tenant", "clinic", "--owner", "Dr. Roe", "--reason", "left us");
        assertThat(refused.errors()).contains("a hold is on this");
        String hold = magnets.path("hold").asText();
        clinic.cli("hold", "remove", hold, court[0], court[1], court[2], court[3])
                .orFail();
        JsonNode ordered =
                json(clinic, "shred", "order", "--tenant", "clinic", "--owner", "Dr. Roe", "--reason", "left us");
        String erasure = ordered.path("erasure").asText();
        assertThat(ordered.path("keys").asInt())
                .as("and one of what was purged")
                .isEqualTo(4);
        List<String> instances = rest.instances();
        instances.stream().skip(1).forEach(instance -> rest.delete("/instances/" + instance));
        Command.Result early = approveAll(clinic, erasure);
        assertThat(early.errors()).contains("Orthanc still has images of this");
        rest.delete("/instances/" + instances.get(0));

        // Whoever approved had looked at less.
        rest.delete("/instances/"
                + rest.upload(ct("P-MINOR", MINOR).born("20150601").toBytes()));
        assertThat(approveAll(clinic, erasure).errors()).contains("more came since");
        clinic.cli("shred", "withdraw", erasure, court[0], court[1], court[2], court[3])
                .orFail();
        JsonNode again =
                json(clinic, "shred", "order", "--tenant", "clinic", "--owner", "Dr. Roe", "--reason", "left us");
        assertThat(again.path("keys").asInt()).isEqualTo(5);
        String anew = again.path("erasure").asText();
        approveAll(clinic, anew).orFail();
        await().atMost(Duration.ofMinutes(2)).pollInterval(EACH_ASKS).untilAsserted(() -> assertThat(
                        clinic.cli("shred", "certificate", anew).orFail().output())
                .contains("COMPLETE"));
        assertThat(studies(clinic, clinic.tier("offsite"))).isEmpty();
        assertThat(packs(clinic)).isZero();
    }

    private static Command.Result approveAll(Clinic clinic, String erasure) {
        return clinic.process(
                "shred", "approve", erasure, "--tenant", "clinic", "--owner", "Dr. Doe", "--reason", "checked");
    }

    /** The studies that a program opens which was written from format.md alone. */
    private static Set<String> studies(Clinic clinic, Path tier) {
        Command.Result result = Command.of(
                        "/usr/bin/python3",
                        Project.root().resolve("docs/decryptor/strongroom-decrypt.py"),
                        tier,
                        "--key",
                        clinic.scratch().path().resolve("root-key"),
                        "--list",
                        "--json")
                .run();
        assertThat(result.status() < 2 || result.errors().contains("There is no such pack"))
                .as(result.toString())
                .isTrue();
        return result.output()
                .lines()
                .map(line -> Rest.parse(line.getBytes(StandardCharsets.UTF_8)))
                .map(line -> line.path("study").asText())
                .collect(Collectors.toSet());
    }

    private static void copy(Path from, Path to) {
        for (Path file : ClearText.files(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            try {
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void plan(Clinic clinic, String hold) {
        JsonNode plan = json(clinic, "retention", "plan");
        assertThat(plan.path("whole").asBoolean()).isTrue();
        Map<String, JsonNode> studies = new HashMap<>();
        plan.path("studies").forEach(study -> studies.put(study.path("study").asText(), study));
        assertThat(studies).containsOnlyKeys(HELD, GONE, MINOR, UNKNOWN, MAGNET);
        assertThat(why(studies.get(HELD))).isEqualTo("held DE/radiation 2036-01-02");
        assertThat(studies.get(HELD).at("/holds/0").asText()).isEqualTo(hold);
        assertThat(why(studies.get(GONE))).isEqualTo("kept DE/radiation 2036-01-02");
        assertThat(why(studies.get(MINOR))).isEqualTo("kept DE/radiation-minor 2043-06-01");
        assertThat(why(studies.get(UNKNOWN))).isEqualTo("kept DE/radiation-minor 2033-06-01");
        assertThat(studies.get(UNKNOWN).path("doubts").toString()).contains("no birth date");
        assertThat(why(studies.get(MAGNET))).as("no radiation").isEqualTo("due DE/record 2015-06-01");
    }

    private static String why(JsonNode study) {
        JsonNode first = study.path("because").path(0);
        return study.path("fate").asText() + " " + first.path("rule").asText() + " "
                + first.path("until").asText();
    }

    private static SyntheticDicom ct(String patient, String study) {
        return of(SyntheticDicom.ct(), patient, study);
    }

    private static SyntheticDicom of(SyntheticDicom dicom, String patient, String study) {
        return dicom.patient(patient).study(study).series(study + ".1");
    }

    private static int packs(Clinic clinic) {
        return ClearText.files(clinic.tier("offsite").resolve("packs")).size();
    }

    private static Set<String> names(List<Path> files) {
        return files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }

    private static JsonNode json(Clinic clinic, String... words) {
        Object[] line = new Object[words.length + 1];
        System.arraycopy(words, 0, line, 0, words.length);
        line[words.length] = "--json";
        return Rest.parse(clinic.cli(line).orFail().output().getBytes(StandardCharsets.UTF_8));
    }
}
