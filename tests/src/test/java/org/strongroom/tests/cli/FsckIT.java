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
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;

/** Real Orthancs, whole and with one fault at a time: each is told under its own name, and nothing else is. */
class FsckIT {

    private static JsonNode fsck(Clinic clinic, Object... more) {
        Command.Result result = clinic.cli(
                Stream.concat(Stream.of("fsck", "--json"), Stream.of(more)).toArray());
        JsonNode told = Rest.parse(result.output().getBytes(StandardCharsets.UTF_8));
        assertThat(told.has("orphans")).as(result.toString()).isTrue();
        long all = Stream.of("orphans", "missing", "duplicates", "corrupt")
                .mapToLong(kind -> told.path(kind).asLong(-1))
                .sum();
        boolean sound = all == 0 && told.path("notCompared").isEmpty();
        assertThat(result.status()).as(result.toString()).isEqualTo(sound ? 0 : 1);
        return told;
    }

    private static void expect(JsonNode told, int orphans, int missing, int duplicates, int corrupt) {
        assertThat(List.of(
                        told.path("orphans").asInt(-1),
                        told.path("missing").asInt(-1),
                        told.path("duplicates").asInt(-1),
                        told.path("corrupt").asInt(-1)))
                .as(told.toPrettyString())
                .containsExactly(orphans, missing, duplicates, corrupt);
        assertThat(told.path("notCompared")).as(told.toPrettyString()).isEmpty();
    }

    private static Path onlyPack(Clinic clinic) throws IOException {
        try (Stream<Path> packs = Files.walk(clinic.tier("offsite").resolve("packs"))) {
            return packs.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void everythingIsWhereItBelongsWhateverWasDoneBefore(Debian debian) {
        List<byte[]> slices = Samples.ct(6);
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("OverwriteInstances", "true").set("StorageCompression", "true");
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            orthanc.rest().upload(slices.get(0));
            orthanc.rest()
                    .put("/instances/" + ids.get(1) + "/attachments/1024", "a note".getBytes(StandardCharsets.UTF_8));
            String series = orthanc.rest()
                    .json("/instances/" + ids.get(1) + "/series")
                    .path("ID")
                    .asText();
            orthanc.rest().put("/series/" + series + "/attachments/1025", "a report".getBytes(StandardCharsets.UTF_8));
            expect(fsck(clinic), 0, 0, 0, 0);

            clinic.makeCold();
            orthanc.rest().delete("/instances/" + ids.get(5));
            JsonNode told = fsck(clinic, "--deep");
            expect(told, 0, 0, 0, 0);
            assertThat(told.at("/compared/index").asText()).isEqualTo("plugin");
            assertThat(told.at("/compared/attachments").asInt()).isGreaterThanOrEqualTo(7);
            assertThat(told.at("/compared/forgotten").asInt()).isGreaterThanOrEqualTo(2);

            orthanc.stop();
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.sidecar().isEmpty());
            JsonNode offline = fsck(clinic);
            expect(offline, 0, 0, 0, 0);
            assertThat(offline.at("/compared/index").asText()).isEqualTo("file");
            assertThat(offline.at("/compared/attachments")).isEqualTo(told.at("/compared/attachments"));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void theLedgerIsMadeAnewOnDemand(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            byte[] image = Samples.ct(1).get(0);
            String id = orthanc.rest().upload(image);
            clinic.makeCold();
            assertThat(clinic.cli("fsck", "--rebuild").errors()).contains("Stop Orthanc first");
            orthanc.stop();

            assertThat(clinic.cli("fsck", "--rebuild", "--dry-run").orFail().output())
                    .contains("would be set aside");
            JsonNode told = fsck(clinic, "--rebuild");
            expect(told, 0, 0, 0, 0);
            assertThat(told.at("/rebuilt/packs/offsite").asInt()).isEqualTo(1);
            assertThat(Path.of(told.at("/rebuilt/setAside").asText())).exists();

            OrthancProcess again = clinic.start();
            assertThat(again.rest().file(id)).isEqualTo(image);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            expect(fsck(clinic, "--deep"), 0, 0, 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void clearFilesOfTheTimeBeforeAreNotMissing(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup()
                    .strongroom(
                            "ClearFiles", JsonNodeFactory.instance.objectNode().put("Seal", false));
            clinic.withoutStrongroom();
            OrthancProcess before = clinic.start();
            Samples.ct(2).forEach(before.rest()::upload);
            before.stop();
            clinic.withStrongroom();
            clinic.start();

            JsonNode told = fsck(clinic);
            expect(told, 0, 0, 0, 0);
            assertThat(told.at("/compared/clear").asInt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void aSpooledFileThatIsRemovedIsMissing(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(orthanc.rest()::upload);
            Files.delete(clinic.wholeSealedFiles().get(0));

            expect(fsck(clinic), 0, 1, 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void anObjectThatATierLostIsMissingAndIsSentAgain(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            // Else the scrub's daily count may come first, and it has the pack sent again by itself.
            clinic.setup()
                    .strongroom("Scrub", JsonNodeFactory.instance.objectNode().put("Enabled", false));
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(orthanc.rest()::upload);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            Path pack = onlyPack(clinic);
            byte[] before = Files.readAllBytes(pack);
            Files.delete(pack);

            expect(fsck(clinic), 0, 3, 0, 0);
            assertThat(clinic.cli("fsck", "--repair", "--dry-run").output()).contains("send the pack");
            assertThat(pack).doesNotExist();
            fsck(clinic, "--repair", "--yes");
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(pack));
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            assertThat(Files.readAllBytes(pack)).isEqualTo(before);
            expect(fsck(clinic, "--deep"), 0, 0, 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void aForeignSealedFileIsAnOrphanAndIsSetAside(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian);
                Clinic other = new Clinic(debian)) {
            other.start().rest().upload(Samples.ct(1).get(0));
            OrthancProcess orthanc = clinic.start();
            orthanc.rest().upload(Samples.ct(1).get(0));
            UUID uuid = UUID.randomUUID();
            Path folder = clinic.wholeSealedFiles()
                    .get(0)
                    .getParent()
                    .resolveSibling(uuid.toString().substring(0, 2));
            Scratch.own(Files.createDirectories(folder));
            Path foreign = folder.resolve(uuid.toString());
            Scratch.own(Files.copy(other.wholeSealedFiles().get(0), foreign));

            expect(fsck(clinic), 1, 0, 0, 0);
            expect(fsck(clinic, "--repair", "--yes"), 0, 0, 0, 0);
            assertThat(foreign).doesNotExist();
            assertThat(clinic.home().resolve("quarantine/spool-" + uuid)).exists();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void aFlippedByteIsCorruptHereAndInTheTier(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(orthanc.rest()::upload);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            flip(clinic.wholeSealedFiles().get(0));
            flip(onlyPack(clinic));

            expect(fsck(clinic), 0, 0, 0, 0);
            expect(fsck(clinic, "--deep"), 0, 0, 0, 2);
        }
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
    }

    /** An image that was acknowledged and is not in the index: what Orthanc before 1.12.4 leaves when its database fails. */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void anImageThatTheIndexDoesNotKnowIsGivenBack(Debian debian) throws IOException {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            orthanc.stop();
            Path index = clinic.scratch().path().resolve("orthanc/index");
            byte[] empty = Files.readAllBytes(index);
            orthanc.restart();
            String id = orthanc.rest().upload(image);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            orthanc.stop();
            try (Stream<Path> files = Files.list(index.getParent())) {
                for (Path file : files.filter(
                                one -> one.getFileName().toString().startsWith("index"))
                        .sorted(Comparator.reverseOrder())
                        .toList()) {
                    Files.delete(file);
                }
            }
            Scratch.own(Files.write(index, empty));
            orthanc.restart();
            assertThat(orthanc.rest().instances()).isEmpty();

            expect(fsck(clinic), 1, 0, 0, 0);
            expect(fsck(clinic, "--repair", "--yes"), 0, 0, 0, 0);
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
        }
    }

    @Test
    void whatComesAndGoesMeanwhileIsNotTold() {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            OrthancProcess orthanc = clinic.start();
            List<byte[]> slices = Samples.ct(40);
            AtomicBoolean end = new AtomicBoolean();
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                for (int i = 0; !end.get(); i++) {
                    String id = orthanc.rest().upload(slices.get(i % slices.size()));
                    if (i % 3 == 0) {
                        orthanc.rest().delete("/instances/" + id);
                    }
                }
            });
            try {
                for (int i = 0; i < 4; i++) {
                    expect(fsck(clinic), 0, 0, 0, 0);
                }
            } finally {
                end.set(true);
                sender.join();
            }
        }
    }

    @Test
    void withTheIndexInPostgresAndOrthancStoppedItIsSaidThatNobodyKnows() {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            OrthancProcess orthanc = clinic.start();
            orthanc.rest().upload(Samples.ct(1).get(0));
            orthanc.stop();
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.sidecar().isEmpty());
            clinic.setup().set("PostgreSQL", "{\"EnableIndex\": true}").write();

            JsonNode told = fsck(clinic);
            assertThat(told.path("notCompared").toString()).contains("start Orthanc");
            assertThat(told.at("/compared/index").asText()).isEqualTo("none");
            assertThat(told.path("orphans").asInt(-1)).isZero();
        }
    }
}
