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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
import org.strongroom.tests.harness.Scratch;

/** Real Orthancs, whole and with one fault at a time: each is told under its own name, and nothing else is. */
class FsckIT {

    /** Where nothing comes or goes, and nothing is repaired: the second look need not wait for that. */
    private static final Object[] AT_REST = {"--pause", "1 s"};

    private static JsonNode fsck(Clinic clinic, Object... more) {
        return told(clinic.cli(
                Stream.concat(Stream.of("fsck", "--json"), Stream.of(more)).toArray()));
    }

    private static JsonNode fsckAtRest(Clinic clinic, Object... more) {
        return fsck(clinic, Stream.concat(Stream.of(AT_REST), Stream.of(more)).toArray());
    }

    private static JsonNode told(Command.Result result) {
        JsonNode told = Rest.parse(result.output().getBytes(StandardCharsets.UTF_8));
        assertThat(told.has("orphans")).as(result.toString()).isTrue();
        long all = Stream.of("orphans", "missing", "duplicates", "corrupt")
                .mapToLong(kind -> told.path(kind).asLong(-1))
                .sum();
        boolean sound = all == 0 && told.path("notCompared").isEmpty();
        assertThat(result.status()).as(result.toString()).isEqualTo(sound ? 0 : 1);
        return told;
    }

    private static void expect(String what, JsonNode told, int orphans, int missing, int duplicates, int corrupt) {
        assertThat(List.of(
                        told.path("orphans").asInt(-1),
                        told.path("missing").asInt(-1),
                        told.path("duplicates").asInt(-1),
                        told.path("corrupt").asInt(-1)))
                .as("%s: %s", what, told.toPrettyString())
                .containsExactly(orphans, missing, duplicates, corrupt);
        assertThat(told.path("notCompared"))
                .as("%s: %s", what, told.toPrettyString())
                .isEmpty();
    }

    private static void expectSound(String what, JsonNode told) {
        expect(what, told, 0, 0, 0, 0);
    }

    private static Set<Path> packs(Clinic clinic) {
        return Set.copyOf(ClearText.files(clinic.tier("offsite").resolve("packs")));
    }

    private static Path newPack(Clinic clinic, Set<Path> before) {
        return packs(clinic).stream()
                .filter(pack -> !before.contains(pack))
                .findFirst()
                .orElseThrow();
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
            expectSound("just stored", fsckAtRest(clinic));

            clinic.makeCold();
            orthanc.rest().delete("/instances/" + ids.get(5));
            JsonNode told = fsckAtRest(clinic, "--deep");
            expectSound("shipped, evicted, and one deleted", told);
            assertThat(told.at("/compared/index").asText()).isEqualTo("plugin");
            assertThat(told.at("/compared/attachments").asInt()).isGreaterThanOrEqualTo(7);
            assertThat(told.at("/compared/forgotten").asInt()).isGreaterThanOrEqualTo(2);

            orthanc.stop(); // its sidecar has not ended yet
            JsonNode offline = told(clinic.process("fsck", "--json"));
            expectSound("stopped", offline);
            assertThat(offline.at("/compared/index").asText()).isEqualTo("file");
            assertThat(offline.at("/compared/attachments")).isEqualTo(told.at("/compared/attachments"));
        }
    }

    /** One after the other, for one clinic: each fault but the last is mended, or is one that only {@code --deep} sees. */
    @Test
    void eachFaultIsToldUnderItsOwnNameAndCanBeMended() throws IOException {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.setup()
                    // Else the scrub's daily count may come first, and it has a lost pack sent again by itself.
                    .strongroom("Scrub", JsonNodeFactory.instance.objectNode().put("Enabled", false));
            OrthancProcess orthanc = clinic.start();
            anObjectThatATierLostIsMissingAndIsSentAgain(clinic, orthanc);
            byte[] index = theLedgerIsMadeAnewOnDemand(clinic, orthanc);
            anImageThatTheIndexDoesNotKnowIsGivenBack(clinic, orthanc, index);
            aFlippedByteIsCorruptHereAndInTheTier(clinic, orthanc);
            withTheIndexInPostgresAndOrthancStoppedItIsSaidThatNobodyKnows(clinic, orthanc);
        }
    }

    private static void anObjectThatATierLostIsMissingAndIsSentAgain(Clinic clinic, OrthancProcess orthanc)
            throws IOException {
        Samples.ct(3).forEach(orthanc.rest()::upload);
        clinic.ship();
        Path pack = newPack(clinic, Set.of());
        byte[] before = Files.readAllBytes(pack);
        Files.delete(pack);

        expect("a pack was lost", fsckAtRest(clinic), 0, 3, 0, 0);
        assertThat(clinic.cli("fsck", "--repair", "--dry-run", "--pause", "1 s").output())
                .contains("send the pack");
        assertThat(pack).doesNotExist();
        fsck(clinic, "--repair", "--yes");
        await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(pack));
        clinic.ship();
        assertThat(Files.readAllBytes(pack)).isEqualTo(before);
        expectSound("the lost pack was sent again", fsckAtRest(clinic, "--deep"));
    }

    /** The index as it is while Orthanc is stopped. */
    private static byte[] theLedgerIsMadeAnewOnDemand(Clinic clinic, OrthancProcess orthanc) throws IOException {
        clinic.cli("evict", "--all").orFail();
        assertThat(clinic.cli("fsck", "--rebuild").errors()).contains("Stop Orthanc first");
        orthanc.stop();
        byte[] index = Files.readAllBytes(index(clinic));

        assertThat(clinic.cli("fsck", "--rebuild", "--dry-run").orFail().output())
                .contains("would be set aside");
        JsonNode told = fsckAtRest(clinic, "--rebuild");
        expectSound("a new ledger", told);
        assertThat(told.at("/rebuilt/packs/offsite").asInt()).isEqualTo(1);
        assertThat(Path.of(told.at("/rebuilt/setAside").asText())).exists();

        orthanc.restart();
        assertThat(orthanc.rest().instances().stream().map(orthanc.rest()::file))
                .as("by the new ledger")
                .containsExactlyInAnyOrderElementsOf(Samples.ct(3));
        return index;
    }

    private static Path index(Clinic clinic) {
        return clinic.scratch().path().resolve("orthanc/index");
    }

    /** An image that was acknowledged and is not in the index: what Orthanc before 1.12.4 leaves when its database fails. */
    private static void anImageThatTheIndexDoesNotKnowIsGivenBack(Clinic clinic, OrthancProcess orthanc, byte[] former)
            throws IOException {
        byte[] image = Samples.otherStudy();
        String id = orthanc.rest().upload(image);
        clinic.ship();
        expectSound("one more, by the new ledger", fsckAtRest(clinic, "--deep"));
        orthanc.stop();
        Path index = index(clinic);
        try (Stream<Path> files = Files.list(index.getParent())) {
            for (Path file : files.filter(one -> one.getFileName().toString().startsWith("index"))
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(file);
            }
        }
        Scratch.own(Files.write(index, former));
        orthanc.restart();
        assertThat(orthanc.rest().instances()).hasSize(3).doesNotContain(id);

        expect("the index knows less", fsckAtRest(clinic), 1, 0, 0, 0);
        expectSound("it was told what it did not know", fsck(clinic, "--repair", "--yes"));
        assertThat(orthanc.rest().file(id)).isEqualTo(image);
    }

    private static void aFlippedByteIsCorruptHereAndInTheTier(Clinic clinic, OrthancProcess orthanc)
            throws IOException {
        clinic.makeCold();
        Set<Path> before = packs(clinic);
        Samples.ct(3, Samples.STUDY + ".9").forEach(orthanc.rest()::upload);
        clinic.ship();
        flip(clinic.wholeSealedFiles().get(0));
        flip(newPack(clinic, before));

        expectSound("flipped bytes, at a glance", fsckAtRest(clinic));
        expect("flipped bytes", fsckAtRest(clinic, "--deep"), 0, 0, 0, 2);
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
    }

    private static void withTheIndexInPostgresAndOrthancStoppedItIsSaidThatNobodyKnows(
            Clinic clinic, OrthancProcess orthanc) {
        orthanc.stop();
        clinic.endSidecars();
        clinic.setup().set("PostgreSQL", "{\"EnableIndex\": true}").write();

        JsonNode told = fsckAtRest(clinic);
        assertThat(told.path("notCompared").toString()).contains("start Orthanc");
        assertThat(told.at("/compared/index").asText()).isEqualTo("none");
        assertThat(told.path("orphans").asInt(-1)).isZero();
    }

    /** And whose sealed files are nobody else's. */
    @Test
    void whatBelongsToAClinicIsNotToldButWhatItLacksAndWhatIsAnothersIs() throws IOException {
        try (Clinic other = new Clinic(Debian.BOOKWORM);
                Clinic clinic = new Clinic(Debian.SID)) {
            OrthancProcess others = clearFilesOfTheTimeBeforeAreNotMissing(other);
            whatComesAndGoesMeanwhileIsNotTold(other, others);
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(orthanc.rest()::upload);
            aForeignSealedFileIsAnOrphanAndIsSetAside(
                    clinic, other.wholeSealedFiles().get(0));
            aSpooledFileThatIsRemovedIsMissing(clinic);
        }
    }

    private static OrthancProcess clearFilesOfTheTimeBeforeAreNotMissing(Clinic clinic) {
        clinic.setup()
                .strongroom("ClearFiles", JsonNodeFactory.instance.objectNode().put("Seal", false));
        clinic.withoutStrongroom();
        OrthancProcess before = clinic.start();
        Samples.ct(2).forEach(before.rest()::upload);
        before.stop();
        clinic.withStrongroom();
        OrthancProcess orthanc = clinic.start();

        JsonNode told = fsckAtRest(clinic);
        expectSound("clear files", told);
        assertThat(told.at("/compared/clear").asInt()).isEqualTo(2);
        return orthanc;
    }

    private static void whatComesAndGoesMeanwhileIsNotTold(Clinic clinic, OrthancProcess orthanc) {
        List<byte[]> slices = Samples.ct(40, Samples.STUDY + ".8");
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
            for (int i = 0; i < 2; i++) {
                expectSound("while images come and go", fsck(clinic));
            }
        } finally {
            end.set(true);
            sender.join();
        }
    }

    private static void aForeignSealedFileIsAnOrphanAndIsSetAside(Clinic clinic, Path anothers) throws IOException {
        UUID uuid = UUID.randomUUID();
        Path folder = clinic.wholeSealedFiles()
                .get(0)
                .getParent()
                .resolveSibling(uuid.toString().substring(0, 2));
        Scratch.own(Files.createDirectories(folder));
        Path foreign = folder.resolve(uuid.toString());
        Scratch.own(Files.copy(anothers, foreign));

        expect("a foreign file", fsckAtRest(clinic), 1, 0, 0, 0);
        expectSound("a foreign file was set aside", fsck(clinic, "--repair", "--yes"));
        assertThat(foreign).doesNotExist();
        assertThat(clinic.home().resolve("quarantine/spool-" + uuid)).exists();
    }

    private static void aSpooledFileThatIsRemovedIsMissing(Clinic clinic) throws IOException {
        Files.delete(clinic.wholeSealedFiles().get(0));

        expect("a spooled file was removed", fsckAtRest(clinic), 0, 1, 0, 0);
    }
}
