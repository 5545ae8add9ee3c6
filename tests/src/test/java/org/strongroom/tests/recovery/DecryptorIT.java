package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** A program that was written from format.md alone opens what Strongroom sealed. */
class DecryptorIT {
    private static final Path DECRYPTOR = Project.root().resolve("docs/decryptor/strongroom-decrypt.py");

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void everyKindComesBackFromATierAndThePassphrase(Debian debian) throws IOException {
        Collection<byte[]> images = Samples.everyKind().values();
        try (Clinic clinic = new Clinic(debian).withPassphrase()) {
            ship(clinic, images);
            Files.move(clinic.home(), clinic.scratch().path().resolve("burnt"));
            Path passphrase = clinic.scratch().path().resolve("passphrase");

            Path fast = clinic.scratch().path().resolve("fast");
            Command.Result result = decrypt(clinic, "--passphrase", passphrase, "--out", fast)
                    .run()
                    .orFail();
            assertThat(result.errors()).contains(" 0 refused");
            assertThat(images(fast)).containsExactlyInAnyOrderElementsOf(images);

            clinic.scratch().folder("no-numpy");
            clinic.scratch().file("no-numpy/numpy.py", "raise ImportError".getBytes(StandardCharsets.UTF_8));
            Path slow = clinic.scratch().path().resolve("slow");
            decrypt(clinic, "--passphrase", passphrase, "--out", slow)
                    .with(
                            "PYTHONPATH",
                            clinic.scratch().path().resolve("no-numpy").toString())
                    .run()
                    .orFail();
            assertThat(images(slow)).containsExactlyInAnyOrderElementsOf(images);

            List<JsonNode> listed = decrypt(clinic, "--passphrase", passphrase, "--list", "--json")
                    .run()
                    .orFail()
                    .output()
                    .lines()
                    .map(line -> Rest.parse(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
            assertThat(listed.stream().filter(line -> line.path("type").asInt() == 1))
                    .hasSize(images.size())
                    .allMatch(line -> line.path("patient").asText().equals(Samples.PATIENT_ID))
                    .allMatch(line -> line.path("study").asText().equals(Samples.STUDY));
        }
    }

    @Test
    void aKeyFileAndTheRecoveryKeyOpenWhatOrthancCompressed() throws IOException {
        List<byte[]> images = Samples.ct(3);
        byte[] root = new byte[Key32.SIZE];
        new Random(18).nextBytes(root);
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Path keyFile = clinic.scratch().file("root.key", root);
            clinic.setup()
                    .set("StorageCompression", "true")
                    .strongroom("RootKey", JsonNodeFactory.instance.objectNode().put("KeyFile", keyFile.toString()));
            ship(clinic, images);

            Path byRoot = clinic.scratch().path().resolve("by-root");
            decrypt(clinic, "--key", keyFile, "--out", byRoot).run().orFail();
            assertThat(images(byRoot)).containsExactlyInAnyOrderElementsOf(images);

            String digits = HexFormat.of().formatHex(recoveryKey(clinic, root)) + "\n";
            Path kit = clinic.scratch().file("recovery.hex", digits.getBytes(StandardCharsets.UTF_8));
            Path byKit = clinic.scratch().path().resolve("by-kit");
            decrypt(clinic, "--recovery", kit, "--out", byKit).run().orFail();
            assertThat(images(byKit)).containsExactlyInAnyOrderElementsOf(images);

            Path stored = clinic.scratch().path().resolve("stored");
            decrypt(clinic, "--key", keyFile, "--out", stored, "--as-stored")
                    .run()
                    .orFail();
            assertThat(images(stored)).hasSize(3).doesNotContainAnyElementsOf(images);
        }
    }

    @Test
    void whatIsDamagedIsRefusedAndTheRestComesOut() throws IOException {
        Map<String, byte[]> kinds = Samples.everyKind();
        try (Clinic clinic = new Clinic(Debian.TRIXIE).withPassphrase()) {
            ship(clinic, kinds.values());
            Path passphrase = clinic.scratch().path().resolve("passphrase");
            Path tier = clinic.tier("offsite");
            Path pack = ClearText.files(tier.resolve("packs")).get(0);
            byte[] sound = Files.readAllBytes(pack);

            flip(pack, sound, 10_000); // in a body
            Path out = clinic.scratch().path().resolve("body");
            Command.Result result =
                    decrypt(clinic, "--passphrase", passphrase, "--out", out).run();
            assertThat(result.status()).as(result.toString()).isEqualTo(1);
            assertThat(result.errors())
                    .contains("REFUSED packs/" + pack.getFileName() + ", attachment ")
                    .contains("the body piece is not what the index says");
            assertThat(kinds.values())
                    .containsAll(images(out))
                    .hasSize(images(out).size() + 1);

            for (int at : new int[] {10, 70, sound.length - 30, sound.length - 70, sound.length - 400}) {
                flip(pack, sound, at); // in prologue, index, footer
                out = clinic.scratch().path().resolve("at-" + at);
                result = decrypt(clinic, "--passphrase", passphrase, "--out", out, "--pack", pack.getFileName())
                        .run();
                assertThat(result.status()).as("bit at %d: %s", at, result).isEqualTo(1);
                assertThat(ClearText.files(out)).isEmpty();
            }
            Files.write(pack, sound);

            Path wrong = clinic.scratch().file("wrong", "Correct horse".getBytes(StandardCharsets.UTF_8));
            result = decrypt(clinic, "--passphrase", wrong, "--out", out).run();
            assertThat(result.status()).as(result.toString()).isEqualTo(2);
            assertThat(result.errors()).contains("opens no tenant's key");

            for (Path bundle : ClearText.files(tier.resolve("keys"))) {
                flip(bundle, Files.readAllBytes(bundle), 150);
            }
            result = decrypt(clinic, "--passphrase", passphrase, "--out", out).run();
            assertThat(result.status()).as(result.toString()).isEqualTo(2);
            assertThat(result.errors()).contains("a bundle is damaged");
        }
    }

    private static void ship(Clinic clinic, Collection<byte[]> images) {
        OrthancProcess orthanc = clinic.start();
        images.forEach(orthanc.rest()::upload);
        clinic.ship();
        orthanc.kill();
        clinic.endSidecars();
    }

    private static Command decrypt(Clinic clinic, Object... words) {
        return Command.of("/usr/bin/python3", DECRYPTOR, clinic.tier("offsite"))
                .and(words)
                .within(Duration.ofMinutes(5));
    }

    private static List<byte[]> images(Path folder) {
        return ClearText.files(folder).stream()
                .filter(file ->
                        file.toString().endsWith(".dcm") && !file.toString().endsWith(".head.dcm"))
                .map(DecryptorIT::read)
                .toList();
    }

    private static byte[] recoveryKey(Clinic clinic, byte[] root) throws IOException {
        UUID installation = Installation.read(clinic.home().resolve("installation.json"))
                .orElseThrow()
                .id();
        byte[] context = ByteBuffer.allocate(11 + 16)
                .put("recovery/v1".getBytes(StandardCharsets.US_ASCII))
                .putLong(installation.getMostSignificantBits())
                .putLong(installation.getLeastSignificantBits())
                .array();
        byte[] sealed = Files.readAllBytes(clinic.home().resolve("keyring/recovery-pending.strk"));
        return Cobblestone.open(Key32.of(root), context, sealed);
    }

    private static void flip(Path file, byte[] sound, int at) throws IOException {
        byte[] damaged = sound.clone();
        damaged[at] ^= 1;
        Files.write(file, damaged);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
