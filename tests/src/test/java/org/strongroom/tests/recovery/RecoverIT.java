package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;
import org.strongroom.tests.harness.SoftHsm;

/**
 * Everything is gone but a tier and three sheets of paper, and the next Orthanc is another version. Where the root key was in a token, that
 * is gone as well.
 */
class RecoverIT {
    private final Map<String, byte[]> images = new HashMap<>();
    private final Map<String, JsonNode> tags = new HashMap<>();
    private final int afterSnapshot = 1;
    private Marks marks;

    @ParameterizedTest
    // Another Orthanc each time: one that understands the index of the snapshot, and an older one that need not.
    @CsvSource({"TRIXIE, SID, true", "SID, BOOKWORM, false"})
    void aTierAndThreeSheetsAreAWorkingPacs(Debian before, Debian after, boolean indexIsUnderstood) throws IOException {
        try (Clinic lost = new Clinic(before).withPassphrase();
                Clinic made = new Clinic(after).withPassphrase()) {
            List<Path> sheets = burn(lost, before == Debian.SID);
            List<Path> packs = ClearText.files(lost.tier("offsite").resolve("packs"));

            Path config = made.scratch().path().resolve("new/orthanc.json");
            made.scratch().folder("new");
            Command.Result tooFew = recover(lost, made, after, config, sheets.subList(0, 2));
            assertThat(tooFew.status()).isEqualTo(1);
            assertThat(tooFew.output()).contains("needs 3 shares");
            assertThat(made.home().resolve("installation.json")).doesNotExist();
            assertThat(config).doesNotExist();

            Command.Result noOrthanc =
                    recover(lost, made, after, config, sheets.subList(1, 4), "--orthanc", "/bin/false");
            assertThat(noOrthanc.status()).isEqualTo(1);
            assertThat(noOrthanc.output()).contains("has ended");

            // The same command goes on where it was.
            JsonNode told = told(recover(lost, made, after, config, sheets.subList(2, 5)));
            assertThat(told.path("whole").asBoolean()).isTrue();
            int anew = indexIsUnderstood ? afterSnapshot : images.size();
            assertThat(told.at("/plan/images").asInt()).as(told.toString()).isEqualTo(anew);
            assertThat(told.at("/plan/bytes").asLong()).isPositive();
            assertThat(told.at("/outcome/registered").asInt()).isEqualTo(anew);
            assertThat(told.at("/recovery/snapshot").isNull()).isNotEqualTo(indexIsUnderstood);
            assertThat(told.at("/recovery/proven").asBoolean()).isTrue();
            assertThat(told.path("seconds").asLong(-1)).isNotNegative();

            made.setup().configuration().setAll((ObjectNode) Rest.parse(Files.readAllBytes(config)));
            OrthancProcess orthanc = made.start();
            assertThat(orthanc.rest().instances()).containsExactlyInAnyOrderElementsOf(images.keySet());
            images.forEach((id, image) -> {
                assertThat(orthanc.rest().file(id)).isEqualTo(image);
                assertThat(orthanc.rest().json("/instances/" + id + "/tags")).isEqualTo(tags.get(id));
            });

            if (indexIsUnderstood) {
                assertThat(told.at("/outcome/removed").asInt()).isPositive();
                marks.assertThere(orthanc.rest());
            }

            // What was deleted before the loss stayed so, and can still be had back; nothing was sent twice.
            assertThat(made.cli("undelete", "--all").orFail().output()).contains("1 instance given back");
            assertThat(orthanc.rest().instances()).hasSize(images.size() + 1);
            made.ship();
            // An Orthanc that keeps heads beside images has those sealed anew, and what was given back.
            assertThat(bytes(added(lost, packs))).isLessThan(bytes(packs) / 2);
            made.cli("verify", "--all").orFail();

            // A deletion under the new name is one.
            String one = images.keySet().iterator().next();
            orthanc.rest().delete("/instances/" + one);
            assertThat(made.cli("undelete", "--all").orFail().output()).contains("1 instance given back");
            assertThat(orthanc.rest().file(one)).isEqualTo(images.get(one));
        }
    }

    /** Stores, ships, deletes one image, and destroys all but the tier, the token as well; the sheets. */
    private List<Path> burn(Clinic lost, boolean inToken) throws IOException {
        Optional<SoftHsm> token = inToken ? Optional.of(new SoftHsm(lost.scratch(), "clinic")) : Optional.empty();
        token.ifPresent(one -> one.keeps(lost.setup(), SoftHsm.PIN));
        OrthancProcess orthanc = lost.start();
        for (byte[] image : Samples.everyKind().values()) {
            images.put(orthanc.rest().upload(image), image);
        }
        String gone = orthanc.rest().upload(Samples.otherStudy());
        marks = Marks.put(orthanc.rest(), gone);
        lost.cli("snapshot", "--now").orFail();
        assertThat(lost.cli("snapshot", "--verify").orFail().output()).contains("opens, all of it");
        byte[] other = Samples.otherPatient();
        images.put(orthanc.rest().upload(other), other);
        images.keySet().forEach(id -> tags.put(id, orthanc.rest().json("/instances/" + id + "/tags")));
        JsonNode kit = told(lost.process(
                "kit",
                "create",
                "--json",
                "--shares",
                "5",
                "--need",
                "3",
                "--out",
                lost.scratch().path().resolve("kit")));
        lost.ship();
        orthanc.rest().delete("/instances/" + gone);
        lost.endSidecars(); // the next one copies the journal at once
        await().atMost(Duration.ofMinutes(3)).until(() -> InTier.hasWholeJournal(lost));
        await().atMost(Duration.ofMinutes(1)).until(() -> InTier.hasSnapshot(lost));
        orthanc.kill();
        lost.endSidecars();
        List<Path> sheets = new ArrayList<>();
        kit.path("sheets").forEach(sheet -> sheets.add(Path.of(sheet.asText())));
        Scratch.delete(lost.home());
        Scratch.delete(lost.scratch().path().resolve("orthanc"));
        Scratch.delete(lost.scratch().path().resolve("passphrase"));
        token.ifPresent(SoftHsm::destroy);
        return sheets;
    }

    private static List<Path> added(Clinic lost, List<Path> packs) {
        List<Path> added = new ArrayList<>(ClearText.files(lost.tier("offsite").resolve("packs")));
        added.removeAll(packs);
        return added;
    }

    private static long bytes(List<Path> files) {
        return files.stream().mapToLong(file -> file.toFile().length()).sum();
    }

    private static Command.Result recover(
            Clinic lost, Clinic made, Debian debian, Path config, List<Path> sheets, Object... more) {
        Object[] words = Stream.of(
                        Stream.of(
                                Distribution.get().launcher(),
                                "recover",
                                "--json",
                                "--from",
                                lost.tier("offsite"),
                                "--home",
                                made.home(),
                                "--config",
                                config),
                        Stream.of(more),
                        sheets.stream())
                .flatMap(part -> part)
                .toArray();
        return debian.command(words).within(Duration.ofMinutes(5)).run();
    }

    private static JsonNode told(Command.Result result) {
        return Rest.parse(result.orFail().output().getBytes(StandardCharsets.UTF_8));
    }
}
