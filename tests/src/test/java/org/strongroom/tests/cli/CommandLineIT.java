package org.strongroom.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** Names that scripts outside the project rely on, and exit statuses that tell the truth. */
class CommandLineIT {

    /** One after the other, for one clinic. */
    @Test
    void whileOrthancRunsWithAndWithoutASidecarAndWhileItDoesNot() throws Exception {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            OrthancProcess orthanc = clinic.start();
            statusCountsWhatIsWhere(clinic, orthanc);
            whatIsCarriedByHandIsNotSent(clinic, orthanc);
            orthanc.stop();
            clinic.endSidecars();
            aSidecarThatACommandStartedEndsWithItEvenIfItIsKilled(clinic);
            clinic.setup().configuration().withObject("/Strongroom/Sidecar").put("Autostart", false);
            orthanc.restart();
            verifySaysThatOrthancRunsWithoutItsSidecar(clinic);
        }
    }

    private static void statusCountsWhatIsWhere(Clinic clinic, OrthancProcess orthanc) {
        List<byte[]> slices = Samples.ct(5);
        long raw = slices.stream().mapToLong(slice -> slice.length).sum();
        slices.forEach(orthanc.rest()::upload);
        clinic.process("ship", "--now", "--timeout", "120 s").orFail();

        JsonNode status = status(clinic);
        assertThat(status.at("/backlog/instances").asLong(-1)).isZero();
        assertThat(status.at("/backlog/bytes").asLong(-1)).isZero();
        assertThat(status.at("/stored/rawBytes").asLong()).isEqualTo(raw);
        assertThat(status.at("/stored/tierBytes").asLong()).isBetween(1L, raw);
        assertThat(status.at("/local/bytes").asLong()).isBetween(1L, raw);
        assertThat(status.at("/tiers/offsite/healthy").asBoolean()).isTrue();

        clinic.process("evict", "--all").orFail();
        assertThat(status(clinic).at("/local/bytes").asLong())
                .isLessThan(status.at("/local/bytes").asLong());
    }

    private static void whatIsCarriedByHandIsNotSent(Clinic clinic, OrthancProcess orthanc) throws IOException {
        clinic.process("uplink", "--limit", "off", "--for", "1 h").orFail();
        byte[] image = Samples.ct(6).get(5);
        String id = orthanc.rest().upload(image);
        assertThat(clinic.process("ship", "--now", "--timeout", "1 s").status()).isEqualTo(1);
        JsonNode waiting = status(clinic);
        assertThat(waiting.at("/tiers/offsite/queued").asLong()).isEqualTo(1);
        assertThat(waiting.at("/tiers/offsite/copies").asLong()).isEqualTo(1);
        assertThat(waiting.at("/tiers/offsite").has("lastError")).isTrue();
        assertThat(waiting.at("/line/bytesPerSecond").asLong()).isPositive();
        assertThat(waiting.at("/forecast/autonomyDays").asDouble()).isPositive();
        assertThat(waiting.at("/forecast").has("drainsAt")).isTrue();

        Path disk = clinic.scratch().folder("disk");
        assertThat(clinic.process("seed", "export", disk).status())
                .as("the folder is on Home's file system")
                .isEqualTo(1);
        clinic.process("seed", "export", disk, "--same-disk").orFail();
        clinic.process("uplink", "--back").orFail();
        assertThat(status(clinic).at("/tiers/offsite/seeded").asLong()).isEqualTo(1);
        assertThat(clinic.process("ship", "--now", "--timeout", "5 s").errors())
                .contains("1 packs for tier offsite are on disks");
        Path brought;
        try (var packs = Files.list(disk.resolve("packs"))) {
            Path pack = packs.findFirst().orElseThrow();
            brought = clinic.tier("offsite").resolve("packs").resolve(pack.getFileName());
            Files.copy(pack, brought);
        }
        Object file = Files.readAttributes(brought, "unix:ino").get("ino");
        JsonNode found =
                json(clinic.process("seed", "reconcile", "--json").orFail().output());
        assertThat(found.path("found").asLong()).isEqualTo(1);
        clinic.process("ship", "--timeout", "120 s").orFail();
        assertThat(Files.readAttributes(brought, "unix:ino").get("ino")).isEqualTo(file);
        clinic.makeCold();
        assertThat(orthanc.rest().file(id)).isEqualTo(image);
    }

    private static void aSidecarThatACommandStartedEndsWithItEvenIfItIsKilled(Clinic clinic) throws Exception {
        Process verify = clinic.startCli("verify", "--all");
        await().atMost(Duration.ofMinutes(1)).until(() -> clinic.sidecar().isPresent());
        ProcessHandle sidecar = clinic.sidecar().orElseThrow();
        verify.destroyForcibly().waitFor();
        await().atMost(Duration.ofSeconds(30)).until(() -> !sidecar.isAlive());
    }

    /** After a while, in which a sidecar might come back: each asks at the same time. */
    private static void verifySaysThatOrthancRunsWithoutItsSidecar(Clinic clinic) {
        Stream.of("verify --all", "fsck")
                .map(command -> CompletableFuture.supplyAsync(() -> clinic.process((Object[]) command.split(" "))))
                .toList()
                .forEach(asked -> {
                    Command.Result result = asked.join();
                    assertThat(result.status()).as(result.toString()).isEqualTo(1);
                    assertThat(result.errors())
                            .as(result.toString())
                            .contains("Orthanc runs, but its sidecar does not answer", "Cure: ");
                });
    }

    /** One after the other, for one clinic. */
    @Test
    void initMakesWhatAFirstStartWouldMakeAndVerifyFindsWhatIsWrongWithWhatFollowed() throws IOException {
        try (Clinic clinic = new Clinic(Debian.SID).withPassphrase()) {
            OrthancProcess orthanc = initMakesWhatTheFirstStartWouldMakeAndDoctorIsContentWithIt(clinic);
            verifyFindsOneChangedBit(clinic, orthanc);
            verifyOpensEverythingFromTheTiersAndFailsWithoutKeys(clinic, orthanc);
        }
    }

    private static OrthancProcess initMakesWhatTheFirstStartWouldMakeAndDoctorIsContentWithIt(Clinic clinic) {
        byte[] image = Samples.otherStudy();
        clinic.setup()
                .set("DicomAlwaysAllowGet", "false") // or the doctor frowns
                .set("DicomAlwaysAllowMove", "false")
                .set("DicomAlwaysAllowFind", "false")
                .write();
        JsonNode made = json(clinic.process("init", "--json").orFail().output());
        assertThat(made.path("made").asBoolean()).isTrue();
        assertThat(clinic.tier("offsite").resolve("tier.id")).isRegularFile();
        JsonNode again = json(clinic.process("init", "--json").orFail().output());
        assertThat(again.path("made").asBoolean(true)).isFalse();
        assertThat(again.path("installation")).isEqualTo(made.path("installation"));

        OrthancProcess orthanc = clinic.start();
        String id = orthanc.rest().upload(image);
        assertThat(clinic.status().path("installation")).isEqualTo(made.path("installation"));
        assertThat(clinic.process("init").errors()).contains("Cure: ");
        clinic.ship();
        var healthy = clinic.process("doctor");
        assertThat(healthy.status()).as(healthy.toString()).isZero();
        assertThat(orthanc.rest().file(id)).isEqualTo(image);
        eachCommandTellsProgramsWhatItDid(clinic, orthanc, id);
        return orthanc;
    }

    /** One object of JSON, and nothing else, whatever the command. */
    private static void eachCommandTellsProgramsWhatItDid(Clinic clinic, OrthancProcess orthanc, String id) {
        assertThat(told(clinic, "doctor").path("findings").isArray()).isTrue();
        assertThat(told(clinic, "ship", "--now").at("/backlog/bytes").asLong(-1))
                .isZero();
        assertThat(told(clinic, "evict", "--all").path("instances").asLong()).isEqualTo(1);
        assertThat(told(clinic, "status", "--studies")
                        .at("/studies/0/instances")
                        .asLong())
                .isEqualTo(1);
        assertThat(told(clinic, "verify", "--all").path("sound").asBoolean()).isTrue();
        assertThat(told(clinic, "tier", "add", "offsite").path("added").asBoolean())
                .isTrue();
        orthanc.rest().delete("/instances/" + id);
        assertThat(told(clinic, "undelete", "--all").path("instances").asLong()).isEqualTo(1);
        assertThat(orthanc.rest().file(id)).isEqualTo(Samples.otherStudy());
    }

    private static JsonNode told(Clinic clinic, Object... words) {
        Command.Result result = clinic.cli(Stream.concat(Stream.of(words), Stream.of("--json", "--timeout", "2 min"))
                .toArray());
        assertThat(result.orFail().output().lines()).hasSize(1);
        return json(result.output());
    }

    /** And nothing, once it is as it was. */
    private static void verifyFindsOneChangedBit(Clinic clinic, OrthancProcess orthanc) throws IOException {
        Samples.ct(5).forEach(orthanc.rest()::upload);
        clinic.makeCold();
        Path pack = ClearText.files(clinic.tier("offsite").resolve("packs")).get(0);
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 4;
        Files.write(pack, bytes);
        assertThat(clinic.process("verify", "--all").status())
                .as("one bit is another")
                .isNotZero();

        bytes[bytes.length / 2] ^= 4;
        Files.write(pack, bytes);
        clinic.process("verify", "--all").orFail();
    }

    private static void verifyOpensEverythingFromTheTiersAndFailsWithoutKeys(Clinic clinic, OrthancProcess orthanc)
            throws IOException {
        orthanc.stop();
        clinic.endSidecars(); // or it would wait for that
        clinic.process("verify", "--all").orFail();
        Files.delete(clinic.scratch().path().resolve("passphrase"));
        assertThat(clinic.process("verify", "--all").status())
                .as("without the passphrase")
                .isNotZero();
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void aStudyIsFoundByWhateverItIsCalled(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup()
                    .strongroom("Pack", JsonNodeFactory.instance.objectNode().put("Quiet", "1 h"));
            OrthancProcess orthanc = clinic.start();
            Samples.ct(2).forEach(orthanc.rest()::upload);
            String id = orthanc.rest().json("/studies").get(0).asText();
            JsonNode byUid = study(clinic, Samples.STUDY);
            assertThat(byUid.path("instances").asInt()).isEqualTo(2);
            assertThat(study(clinic, id)).isEqualTo(byUid);
            assertThat(study(clinic, byUid.path("key").asText())).isEqualTo(byUid);
            assertThat(byUid.toString()).doesNotContain(Samples.STUDY, Samples.PATIENT_ID);

            var unknown = clinic.process("status", "--study", "1.2.3", "--json");
            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.output()).contains("NOT_FOUND");
            goesFirst(clinic);
            comesBeforeItIsOpened(clinic);
        }
    }

    private static void goesFirst(Clinic clinic) {
        JsonNode marked = json(clinic.process("urgent", "--study", Samples.STUDY, "--json")
                .orFail()
                .output());
        assertThat(marked.path("keys")).hasSize(1);
        await().atMost(Duration.ofMinutes(2)) // Pack.Quiet is an hour
                .until(() -> clinic.status().at("/tiers/offsite/copies").asInt() == 1);
        assertThat(clinic.process("urgent", "--study", Samples.STUDY, "--study", "1.2.3", "--off")
                        .status())
                .as("one of them is of nothing")
                .isEqualTo(1);
    }

    private static void comesBeforeItIsOpened(Clinic clinic) {
        clinic.makeCold();
        assertThat(study(clinic, Samples.STUDY).path("local").asInt()).isZero();
        JsonNode brought =
                json(clinic.process("prefetch", "--patient", Samples.PATIENT_ID, "--timeout", "60 s", "--json")
                        .orFail()
                        .output());
        assertThat(brought.path("instances").asInt(-1)).as("still to come").isZero();
        assertThat(study(clinic, Samples.STUDY).path("local").asInt()).isEqualTo(2);
        assertThat(clinic.process("prefetch", "--study", Samples.STUDY).orFail().output())
                .contains("all is here");
        assertThat(clinic.process("prefetch", "--patient", "nobody").status()).isEqualTo(1);
        assertThat(clinic.process("prefetch", "--patient", "nobody", "--study", Samples.STUDY)
                        .status())
                .isEqualTo(1);
        assertThat(clinic.process("prefetch").status()).isNotZero();
        clinic.process("prefetch", "--stop").orFail();
    }

    private static JsonNode study(Clinic clinic, String name) {
        return Rest.parse(clinic.process("status", "--study", name, "--json")
                .orFail()
                .output()
                .getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode status(Clinic clinic) {
        return json(clinic.process("status", "--json").orFail().output());
    }

    private static JsonNode json(String text) {
        return Rest.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void statusFailsWithWordsWhenNothingRuns(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().write();
            var forPeople = clinic.process("status", "--timeout", "2 s");
            assertThat(forPeople.status()).isEqualTo(1);
            assertThat(forPeople.errors()).contains("Cure: start Orthanc").doesNotContain("\tat ");

            var forPrograms = clinic.process("status", "--json", "--timeout", "2 s");
            assertThat(forPrograms.status()).isEqualTo(1);
            JsonNode error = Rest.parse(forPrograms.output().getBytes(StandardCharsets.UTF_8));
            assertThat(error.at("/error/kind").asText()).isEqualTo("UNAVAILABLE");
            assertThat(error.at("/error/cure").asText()).isNotBlank();

            clinic.setup()
                    .strongroom("Copies", JsonNodeFactory.instance.textNode("two"))
                    .write();
            var ofTwoPrograms = clinic.process("tenant", "list", "--json");
            assertThat(ofTwoPrograms.status()).isEqualTo(1);
            assertThat(json(ofTwoPrograms.output()).at("/error/kind").asText()).isEqualTo("REFUSED");
        }
    }
}
