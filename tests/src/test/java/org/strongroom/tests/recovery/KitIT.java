package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;

/** Paper opens a tier: kits that are made, proven, mixed up, lost and made anew. */
class KitIT {
    private static List<Path> sheets(JsonNode made) {
        List<Path> sheets = new ArrayList<>();
        made.path("sheets").forEach(sheet -> sheets.add(Path.of(sheet.asText())));
        return sheets;
    }

    private static JsonNode told(Command.Result result) {
        return Rest.parse(result.orFail().output().getBytes(StandardCharsets.UTF_8));
    }

    private static Command.Result check(Clinic clinic, Collection<Path> sheets) {
        return check(clinic, "offsite", sheets);
    }

    private static Command.Result check(Clinic clinic, Object tier, Collection<Path> sheets) {
        return clinic.cli(Stream.concat(Stream.of("kit", "check", "--json", "--from", tier), sheets.stream())
                .toArray());
    }

    private static JsonNode create(Clinic clinic, String folder, Path... old) {
        Path out = clinic.scratch().path().resolve(folder);
        return told(clinic.cli(Stream.concat(
                        Stream.of("kit", "create", "--json", "--shares", "5", "--need", "3", "--out", out),
                        Stream.of(old))
                .toArray()));
    }

    @Test
    void threeOfFiveSheetsOpenATierWhenEverythingElseIsLost() throws IOException {
        Collection<byte[]> images = Samples.everyKind().values();
        try (Clinic clinic = new Clinic(Debian.SID).withPassphrase()) {
            var orthanc = clinic.start();
            images.forEach(orthanc.rest()::upload);
            JsonNode made = create(clinic, "kit");
            List<Path> sheets = sheets(made);
            assertThat(sheets).hasSize(5);
            Path pending = clinic.home().resolve("keyring/recovery-pending.strk");

            // Nothing is in the tier yet: nothing is proven, and nothing forgotten.
            Command.Result early = check(clinic, sheets.subList(0, 3));
            assertThat(early.status()).isEqualTo(1);
            assertThat(early.output()).contains("no image yet");
            assertThat(pending).exists();
            assertThat(clinic.cli("doctor").output()).contains("was never proven");

            clinic.ship();
            assertThat(check(clinic, sheets.subList(3, 5)).output())
                    .contains("needs 3 shares")
                    .contains("[4, 5]");
            assertThat(pending).exists();
            JsonNode proof =
                    told(check(clinic, clinic.tier("offsite"), List.of(sheets.get(4), sheets.get(1), sheets.get(2))));
            assertThat(proof.path("proven").asBoolean()).isTrue();
            assertThat(proof.path("forgottenHere").asBoolean()).isTrue();
            assertThat(proof.at("/opened/bytes").asLong()).isPositive();
            assertThat(pending).doesNotExist();
            assertThat(clinic.cli("doctor").output()).doesNotContain("was never proven");

            // A further kit comes from the paper of the first; the two cannot be mixed.
            String refused = clinic.cli(
                            "kit",
                            "create",
                            "--shares",
                            "3",
                            "--need",
                            "2",
                            "--out",
                            clinic.scratch().path().resolve("none"))
                    .errors();
            assertThat(refused).contains("does not keep the recovery key any more");
            List<Path> second = sheets(create(clinic, "second", sheets.get(0), sheets.get(1), sheets.get(2)));
            assertThat(check(clinic, List.of(second.get(0), sheets.get(1), sheets.get(2)))
                            .output())
                    .contains("several kits");

            // With Orthanc stopped and the passphrase gone the sheets still do.
            orthanc.stop();
            Scratch.own(Files.writeString(clinic.scratch().path().resolve("passphrase"), "forgotten\n"));
            told(check(clinic, second.subList(2, 5)));

            // And with nothing of this machine at all: words that were typed, the tier, and a program that shares no
            // code.
            Files.move(clinic.home(), clinic.scratch().path().resolve("burnt"));
            Path out = clinic.scratch().path().resolve("rescued");
            Command rescue = Command.of(
                    "/usr/bin/python3",
                    Project.root().resolve("docs/decryptor/strongroom-decrypt.py"),
                    clinic.tier("offsite"),
                    "--out",
                    out);
            for (Path sheet : second.subList(0, 3)) {
                Path typed = Path.of(sheet + ".txt");
                try (PDDocument document = Loader.loadPDF(sheet.toFile())) {
                    Files.writeString(typed, new PDFTextStripper().getText(document));
                }
                rescue = rescue.and("--share", typed);
            }
            rescue.within(Duration.ofMinutes(2)).run().orFail();
            assertThat(rescued(out)).containsExactlyInAnyOrderElementsOf(images);
        }
    }

    /** As who stole it would, with a program that shares no code. */
    private static Command.Result open(Clinic clinic, Path passphrase, String out) {
        return Command.of(
                        "/usr/bin/python3",
                        Project.root().resolve("docs/decryptor/strongroom-decrypt.py"),
                        clinic.tier("offsite"),
                        "--passphrase",
                        passphrase,
                        "--out",
                        clinic.scratch().path().resolve(out))
                .within(Duration.ofMinutes(2))
                .run();
    }

    @Test
    void anotherPassphraseTakesThePlaceOfTheFormerOneWhichOpensNothingAnyMore() throws Exception {
        Map<String, byte[]> images = new LinkedHashMap<>();
        try (Clinic clinic = new Clinic(Debian.SID).withPassphrase()) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(image -> images.put(orthanc.rest().upload(image), image));
            clinic.makeCold();
            List<Path> sheets = sheets(create(clinic, "kit"));
            Path former = clinic.scratch().path().resolve("passphrase");
            open(clinic, former, "before").orFail();
            Set<String> packs = ClearText.files(clinic.tier("offsite").resolve("packs")).stream()
                    .map(Path::toString)
                    .collect(Collectors.toSet());

            // The administrator's way: a copy of the configuration, another source in it.
            Path copy = clinic.scratch()
                    .file("orthanc.json.old", Files.readAllBytes(clinic.setup().write()));
            Path next = clinic.scratch().file("next", "tr0ub4dor and three\n".getBytes(StandardCharsets.UTF_8));
            JsonNode before = clinic.setup().configuration().at("/Strongroom/RootKey");
            clinic.setup()
                    .strongroom("RootKey", JsonNodeFactory.instance.objectNode().put("PassphraseFile", next.toString()))
                    .write();
            assertThat(clinic.cli("key", "rotate", "--root", "--former", copy).errors())
                    .contains("Orthanc runs");
            orthanc.stop();
            assertThat(clinic.setup().startAndFail())
                    .contains("does not open this Home's keys")
                    .contains("strongroom key rotate");
            clinic.cli("key", "rotate", "--root", "--former", copy, "--dry-run").orFail();

            // Killed at any moment it is done the next time.
            for (int moment = 400; moment < 2_000; moment += 300) {
                Process killed = clinic.startCli("key", "rotate", "--root", "--former", copy);
                assertThat(killed.waitFor(moment, TimeUnit.MILLISECONDS) || killed.destroyForcibly() != null)
                        .isTrue();
                killed.waitFor();
            }
            clinic.cli("key", "rotate", "--root", "--former", copy).orFail();
            assertThat(told(clinic.cli("key", "rotate", "--root", "--former", copy, "--json"))
                            .path("rotated")
                            .asBoolean())
                    .isFalse();

            orthanc.restart();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> clinic.cli("key", "status").status() == 0);
            JsonNode status = told(clinic.cli("key", "status", "--json"));
            assertThat(status.at("/tiers/offsite/open")).isEmpty();
            assertThat(status.path("changed").asText()).isNotEmpty();
            images.forEach((id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
            clinic.cli("verify", "--all").orFail();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> clinic.cli("audit", "search", "--type", "key", "--detail", "step=done")
                            .orFail()
                            .output()
                            .contains("passphrase"));

            assertThat(open(clinic, former, "stolen").status()).isNotZero();
            assertThat(ClearText.files(clinic.scratch().folder("stolen"))).isEmpty();
            open(clinic, next, "after").orFail();
            assertThat(told(check(clinic, sheets.subList(0, 3))).path("proven").asBoolean())
                    .isTrue();
            assertThat(ClearText.files(clinic.tier("offsite").resolve("packs")))
                    .as("no image was touched")
                    .extracting(Path::toString)
                    .containsAll(packs); // and perhaps what DICOMweb attaches to a series after a minute

            orthanc.stop();
            clinic.setup().strongroom("RootKey", before);
            assertThat(clinic.setup().startAndFail())
                    .contains("does not open this Home's keys")
                    .contains("The root key was changed then");
        }
    }

    /** By what the bundles in the tier say in clear. */
    private static Set<Integer> epochsInTier(Clinic clinic) throws IOException {
        Set<Integer> epochs = new TreeSet<>();
        for (Path file : ClearText.files(clinic.tier("offsite").resolve("keys"))) {
            KeyBundle.decode(Files.readAllBytes(file)).records().stream()
                    .filter(record -> record.label().kind() != KeyKind.TENANT)
                    .forEach(record -> epochs.add(record.label().epoch()));
        }
        return epochs;
    }

    @Test
    void anotherKeyOfATenantTakesThePlaceOfTheFormerOneAndNoImageIsTouched() throws Exception {
        Map<String, byte[]> images = new LinkedHashMap<>();
        try (Clinic clinic = new Clinic(Debian.SID).withPassphrase()) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(image -> images.put(orthanc.rest().upload(image), image));
            clinic.makeCold();
            List<Path> sheets = sheets(create(clinic, "kit"));
            Set<String> packs = ClearText.files(clinic.tier("offsite").resolve("packs")).stream()
                    .map(Path::toString)
                    .collect(Collectors.toSet());
            assertThat(epochsInTier(clinic)).containsExactly(1);
            assertThat(clinic.cli("key", "rotate", "--tenant", "clinic").errors())
                    .contains("Orthanc runs");
            orthanc.stop();
            clinic.cli("key", "rotate", "--tenant", "clinic", "--dry-run").orFail();

            // Killed at any moment everything opens, and it is done the next time.
            for (int moment = 400; moment < 2_000; moment += 300) {
                Process killed = clinic.startCli("key", "rotate", "--tenant", "clinic");
                assertThat(killed.waitFor(moment, TimeUnit.MILLISECONDS) || killed.destroyForcibly() != null)
                        .isTrue();
                killed.waitFor();
            }
            JsonNode rotated = told(clinic.cli("key", "rotate", "--tenant", "clinic", "--json"));
            assertThat(rotated.path("left").asInt(-1)).isZero();
            int epoch = rotated.path("to").asInt();
            assertThat(epoch).isGreaterThan(1);

            orthanc.restart();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> clinic.cli("key", "status").status() == 0);
            JsonNode status = told(clinic.cli("key", "status", "--json"));
            assertThat(status.at("/tiers/offsite/open")).isEmpty();
            assertThat(status.at("/formerTenants/0/records").asInt(-1)).isZero();
            assertThat(epochsInTier(clinic)).containsExactly(epoch);
            images.forEach((id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
            byte[] other = Samples.otherStudy();
            images.put(orthanc.rest().upload(other), other);
            clinic.makeCold();
            images.forEach((id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
            assertThat(epochsInTier(clinic)).containsExactly(epoch);
            clinic.cli("verify", "--all").orFail();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> clinic.cli("audit", "search", "--type", "key", "--detail", "step=done")
                            .orFail()
                            .output()
                            .contains("clinic"));
            assertThat(told(check(clinic, sheets.subList(0, 3))).path("proven").asBoolean())
                    .isTrue();
            assertThat(ClearText.files(clinic.tier("offsite").resolve("packs")))
                    .as("no image was touched")
                    .extracting(Path::toString)
                    .containsAll(packs);
            open(clinic, clinic.scratch().path().resolve("passphrase"), "after").orFail();
            assertThat(rescued(clinic.scratch().path().resolve("after")))
                    .containsExactlyInAnyOrderElementsOf(images.values());

            // With Home gone the tier and the kit make another one, in which everything is.
            orthanc.stop();
            clinic.endSidecars();
            Files.move(clinic.home(), clinic.scratch().path().resolve("burnt"));
            Path made = clinic.scratch().path().resolve("recovered.json");
            clinic.cli(Stream.concat(
                                    Stream.of(
                                            "recover",
                                            "--from",
                                            clinic.tier("offsite"),
                                            "--home",
                                            clinic.home(),
                                            "--config",
                                            made),
                                    sheets.subList(1, 4).stream())
                            .toArray())
                    .orFail();
            // Under another root key, which the new configuration names.
            clinic.setup().configuration().setAll((ObjectNode) Rest.parse(Files.readAllBytes(made)));
            OrthancProcess again = clinic.start();
            images.forEach((id, image) -> assertThat(again.rest().file(id)).isEqualTo(image));
        }
    }

    private static List<byte[]> rescued(Path folder) throws IOException {
        List<byte[]> rescued = new ArrayList<>();
        for (Path file : ClearText.files(folder)) {
            if (file.toString().matches(".*[0-9a-f]\\.dcm")) { // not the heads that Orthanc 1.12 keeps
                rescued.add(Files.readAllBytes(file));
            }
        }
        return rescued;
    }

    @Test
    void anotherInstallationsSheetsAreSaidToBeThat() {
        try (Clinic clinic = new Clinic(Debian.BOOKWORM).withPassphrase();
                Clinic other = new Clinic(Debian.BOOKWORM).withPassphrase()) {
            clinic.start().stop();
            other.init();
            create(clinic, "kit");
            Command.Result result = check(clinic, sheets(create(other, "kit")));
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.output()).contains("another installation's kit");
        }
    }
}
