package org.strongroom.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** Names that scripts outside the project rely on, and exit statuses that tell the truth. */
class CommandLineIT {

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void statusCountsWhatIsWhereAndWhatIsCarriedByHandIsNotSent(Debian debian) throws IOException {
        List<byte[]> slices = Samples.ct(5);
        long raw = slices.stream().mapToLong(slice -> slice.length).sum();
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            slices.forEach(orthanc.rest()::upload);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();

            JsonNode status = clinic.status();
            assertThat(status.at("/backlog/instances").asLong(-1)).isZero();
            assertThat(status.at("/backlog/bytes").asLong(-1)).isZero();
            assertThat(status.at("/stored/rawBytes").asLong()).isEqualTo(raw);
            assertThat(status.at("/stored/tierBytes").asLong()).isBetween(1L, raw);
            assertThat(status.at("/local/bytes").asLong()).isBetween(1L, raw);
            assertThat(status.at("/tiers/offsite/healthy").asBoolean()).isTrue();

            clinic.cli("evict", "--all").orFail();
            assertThat(clinic.status().at("/local/bytes").asLong())
                    .isLessThan(status.at("/local/bytes").asLong());
            carryByHand(clinic, orthanc);
        }
    }

    private static void carryByHand(Clinic clinic, OrthancProcess orthanc) throws IOException {
        clinic.cli("uplink", "--limit", "off", "--for", "1 h").orFail();
        byte[] image = Samples.ct(6).get(5);
        String id = orthanc.rest().upload(image);
        assertThat(clinic.cli("ship", "--now", "--timeout", "1 s").status()).isEqualTo(1);
        JsonNode waiting = clinic.status();
        assertThat(waiting.at("/tiers/offsite/queued").asLong()).isEqualTo(1);
        assertThat(waiting.at("/tiers/offsite/copies").asLong()).isEqualTo(1);
        assertThat(waiting.at("/tiers/offsite").has("lastError")).isTrue();
        assertThat(waiting.at("/line/bytesPerSecond").asLong()).isPositive();
        assertThat(waiting.at("/forecast/autonomyDays").asDouble()).isPositive();
        assertThat(waiting.at("/forecast").has("drainsAt")).isTrue();

        Path disk = clinic.scratch().folder("disk");
        assertThat(clinic.cli("seed", "export", disk).status())
                .as("the folder is on Home's file system")
                .isEqualTo(1);
        clinic.cli("seed", "export", disk, "--same-disk").orFail();
        clinic.cli("uplink", "--back").orFail();
        assertThat(clinic.status().at("/tiers/offsite/seeded").asLong()).isEqualTo(1);
        assertThat(clinic.cli("ship", "--now", "--timeout", "1 s").errors())
                .contains("1 packs for tier offsite are on disks");
        Path brought;
        try (var packs = Files.list(disk.resolve("packs"))) {
            Path pack = packs.findFirst().orElseThrow();
            brought = clinic.tier("offsite").resolve("packs").resolve(pack.getFileName());
            Files.copy(pack, brought);
        }
        Object file = Files.readAttributes(brought, "unix:ino").get("ino");
        JsonNode found = json(clinic.cli("seed", "reconcile", "--json").orFail().output());
        assertThat(found.path("found").asLong()).isEqualTo(1);
        clinic.cli("ship", "--timeout", "120 s").orFail();
        assertThat(Files.readAttributes(brought, "unix:ino").get("ino")).isEqualTo(file);
        clinic.makeCold();
        assertThat(orthanc.rest().file(id)).isEqualTo(image);
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void verifyOpensEverythingFromTheTiersAndFailsWithoutKeys(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(5).forEach(orthanc.rest()::upload);
            clinic.makeCold();

            clinic.cli("verify", "--all").orFail();
            orthanc.stop();
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.sidecar().isEmpty());
            clinic.cli("verify", "--all").orFail();
            Files.delete(clinic.scratch().path().resolve("passphrase"));
            assertThat(clinic.cli("verify", "--all").status()).isNotZero();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void verifyFindsOneChangedBit(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(orthanc.rest()::upload);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            try (var packs = Files.walk(clinic.tier("offsite").resolve("packs"))) {
                var pack = packs.filter(Files::isRegularFile).findFirst().orElseThrow();
                byte[] bytes = Files.readAllBytes(pack);
                bytes[bytes.length / 2] ^= 4;
                Files.write(pack, bytes);
            }

            assertThat(clinic.cli("verify", "--all").status()).isNotZero();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void aStudyIsFoundByWhateverItIsCalled(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(2).forEach(orthanc.rest()::upload);
            String id = orthanc.rest().json("/studies").get(0).asText();
            JsonNode byUid = study(clinic, Samples.STUDY);
            assertThat(byUid.path("instances").asInt()).isEqualTo(2);
            assertThat(study(clinic, id)).isEqualTo(byUid);
            assertThat(study(clinic, byUid.path("key").asText())).isEqualTo(byUid);
            assertThat(byUid.toString()).doesNotContain(Samples.STUDY, Samples.PATIENT_ID);

            var unknown = clinic.cli("status", "--study", "1.2.3", "--json");
            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.output()).contains("NOT_FOUND");
            comesBeforeItIsOpened(clinic);
        }
    }

    private static void comesBeforeItIsOpened(Clinic clinic) {
        clinic.makeCold();
        assertThat(study(clinic, Samples.STUDY).path("local").asInt()).isZero();
        JsonNode brought = json(clinic.cli("prefetch", "--patient", Samples.PATIENT_ID, "--timeout", "60 s", "--json")
                .orFail()
                .output());
        assertThat(brought.path("instances").asInt(-1)).as("still to come").isZero();
        assertThat(study(clinic, Samples.STUDY).path("local").asInt()).isEqualTo(2);
        assertThat(clinic.cli("prefetch", "--study", Samples.STUDY).orFail().output())
                .contains("all is here");
        assertThat(clinic.cli("prefetch", "--patient", "nobody").status()).isEqualTo(1);
        assertThat(clinic.cli("prefetch", "--patient", "nobody", "--study", Samples.STUDY)
                        .status())
                .isEqualTo(1);
        assertThat(clinic.cli("prefetch").status()).isNotZero();
        clinic.cli("prefetch", "--stop").orFail();
    }

    private static JsonNode study(Clinic clinic, String name) {
        return Rest.parse(clinic.cli("status", "--study", name, "--json")
                .orFail()
                .output()
                .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void initMakesWhatTheFirstStartWouldMakeAndDoctorIsContentWithIt() {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(Debian.SID)) {
            clinic.setup()
                    .set("DicomAlwaysAllowGet", "false") // or the doctor frowns
                    .set("DicomAlwaysAllowMove", "false")
                    .set("DicomAlwaysAllowFind", "false")
                    .write();
            JsonNode made = json(clinic.cli("init", "--json").orFail().output());
            assertThat(made.path("made").asBoolean()).isTrue();
            assertThat(clinic.tier("offsite").resolve("tier.id")).isRegularFile();
            JsonNode again = json(clinic.cli("init", "--json").orFail().output());
            assertThat(again.path("made").asBoolean(true)).isFalse();
            assertThat(again.path("installation")).isEqualTo(made.path("installation"));

            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            assertThat(clinic.status().path("installation")).isEqualTo(made.path("installation"));
            assertThat(clinic.cli("init").errors()).contains("Cure: ");
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            var healthy = clinic.cli("doctor");
            assertThat(healthy.status()).as(healthy.toString()).isZero();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
        }
    }

    private static JsonNode json(String text) {
        return Rest.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void verifySaysThatOrthancRunsWithoutItsSidecar() {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.setup().configuration().withObject("/Strongroom/Sidecar").put("Autostart", false);
            clinic.start();
            for (String command : List.of("verify --all", "fsck")) {
                var result = clinic.cli((Object[]) command.split(" "));
                assertThat(result.status()).isEqualTo(1);
                assertThat(result.errors()).contains("Orthanc runs, but its sidecar does not answer", "Cure: ");
            }
        }
    }

    @Test
    void aSidecarThatACommandStartedEndsWithItEvenIfItIsKilled() throws Exception {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(2).forEach(orthanc.rest()::upload);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            orthanc.stop();
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.sidecar().isEmpty());

            Process verify = clinic.startCli("verify", "--all");
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.sidecar().isPresent());
            ProcessHandle sidecar = clinic.sidecar().orElseThrow();
            verify.destroyForcibly().waitFor();
            await().atMost(Duration.ofSeconds(30)).until(() -> !sidecar.isAlive());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void statusFailsWithWordsWhenNothingRuns(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().write();
            var forPeople = clinic.cli("status", "--timeout", "5 s");
            assertThat(forPeople.status()).isEqualTo(1);
            assertThat(forPeople.errors()).contains("Cure: start Orthanc").doesNotContain("\tat ");

            var forPrograms = clinic.cli("status", "--json", "--timeout", "5 s");
            assertThat(forPrograms.status()).isEqualTo(1);
            JsonNode error = Rest.parse(forPrograms.output().getBytes(StandardCharsets.UTF_8));
            assertThat(error.at("/error/kind").asText()).isEqualTo("UNAVAILABLE");
            assertThat(error.at("/error/cure").asText()).isNotBlank();
        }
    }
}
