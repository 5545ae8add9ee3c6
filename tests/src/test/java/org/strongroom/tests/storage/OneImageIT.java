package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/** One wrong image of a study is erased for good; the others stay what they are, on this machine and in the tier. */
class OneImageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STUDY = "2.25.91";
    private static final Duration EACH_ASKS = Duration.ofSeconds(5);

    @Test
    void oneImageIsOpenedByNothingThatIsLeftAndTheOthersAreWhatTheyWere() throws IOException {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.setup()
                    .strongroom(
                            "Retention",
                            JSON.createObjectNode()
                                    .set(
                                            "Approvers",
                                            JSON.createArrayNode()
                                                    .add("Dr. Roe")
                                                    .add("Dr. Doe")));
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            Map<String, byte[]> images = new LinkedHashMap<>(); // by Orthanc's id
            for (int i = 1; i <= 4; i++) {
                byte[] image = SyntheticDicom.ct()
                        .patient("P-ONE")
                        .study(STUDY)
                        .series(STUDY + "." + (i + 1) / 2)
                        .sop(STUDY + ".9." + i)
                        .instance(i)
                        .toBytes();
                images.put(rest.upload(image), image);
            }
            List<String> ids = List.copyOf(images.keySet());
            String series = "/series/"
                    + rest.json("/instances/" + ids.get(0)).path("ParentSeries").asText();
            rest.get("/dicom-web/studies/" + STUDY + "/series/" + STUDY + ".1/metadata");
            assertThat(attached(rest, series)).isEqualTo(200);
            String wrong = ids.get(1);
            clinic.ship();
            clinic.cli("evict", "--all").orFail();
            List<Path> before = ClearText.files(clinic.tier("offsite").resolve("packs"));

            assertThat(order(clinic, "--dry-run").errors()).contains("Orthanc has removed no image of this");
            rest.delete("/instances/" + wrong);
            images.remove(wrong);
            JsonNode dry = parsed(order(clinic, "--dry-run", "--json").orFail());
            assertThat(dry.path("staying").asInt()).isGreaterThanOrEqualTo(3);
            JsonNode ordered = parsed(order(clinic, "--json").orFail());
            assertThat(ordered.path("keys").asInt()).isEqualTo(1);
            String erasure = ordered.path("erasure").asText();
            images.forEach((id, image) -> assertThat(rest.file(id)).isEqualTo(image));
            assertThat(attached(rest, series))
                    .as("it told of the image that is erased")
                    .isEqualTo(404);
            assertThat(approve(clinic, erasure).errors()).contains("not in enough tiers yet");

            clinic.ship();
            assertThat(approve(clinic, erasure).orFail().output()).contains("1 study key of tenant clinic destroyed");
            Path certificate = clinic.tier("offsite").resolveSibling("certificate.json");
            await().atMost(Duration.ofMinutes(2)).pollInterval(EACH_ASKS).untilAsserted(() -> assertThat(
                            clinic.cli("shred", "certificate", erasure, "--to", certificate.toString())
                                    .orFail()
                                    .output())
                    .contains("COMPLETE"));
            assertProved(clinic, certificate);
            assertThat(ClearText.files(clinic.tier("offsite").resolve("packs")))
                    .isNotEmpty()
                    .doesNotContainAnyElementsOf(before);
            clinic.cli("evict", "--all").orFail();
            images.forEach(
                    (id, image) -> assertThat(rest.file(id)).as("from the tier").isEqualTo(image));
            clinic.cli("verify", "--all").orFail();
            requireSound(clinic);

            JsonNode back = parsed(clinic.cli("undelete", "--all", "--json"));
            assertThat(back.path("instances").asInt())
                    .as("neither what is erased nor what has a successor")
                    .isZero();
            assertThat(new HashSet<>(rest.instances())).isEqualTo(images.keySet());

            forgetsAndRemembers(clinic, orthanc, images, ids.get(3));
        }
    }

    /** Under their new keys images are deleted and brought back as all others, also by a plugin and a ledger that are new. */
    private static void forgetsAndRemembers(
            Clinic clinic, OrthancProcess orthanc, Map<String, byte[]> images, String one) {
        Rest rest = orthanc.rest();
        rest.delete("/instances/" + one);
        orthanc.stop();
        clinic.endSidecars();
        clinic.cli("fsck", "--rebuild", "--timeout", "120 s").orFail();
        orthanc.restart();
        assertThat(rest.instances()).hasSize(2).doesNotContain(one);
        for (String other : rest.instances()) {
            assertThat(rest.file(other)).as("after a restart").isEqualTo(images.get(other));
        }
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(EACH_ASKS)
                .untilAsserted(() -> clinic.cli("undelete", "--all").orFail());
        assertThat(rest.instances()).contains(one);
        assertThat(rest.file(one)).isEqualTo(images.get(one));
        requireSound(clinic);
    }

    /** The status of the metadata that DICOMweb has attached to a series. */
    private static int attached(Rest rest, String series) {
        return rest.send("GET", series + "/attachments/4301/data", null).statusCode();
    }

    private static void requireSound(Clinic clinic) {
        JsonNode fsck =
                parsed(clinic.cli("fsck", "--json", "--timeout", "120 s").orFail());
        for (String kind : List.of("orphans", "missing", "duplicates", "corrupt")) {
            assertThat(fsck.path(kind).asInt()).as(kind).isZero();
        }
    }

    private static Command.Result order(Clinic clinic, String... more) {
        String[] words = {"shred", "order", "--study", STUDY, "--removed", "--owner", "Dr. Roe", "--reason", "wrong"};
        String[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return clinic.cli((Object[]) all);
    }

    /** The certificate has its proofs, and not a word in it can be another one. */
    private static void assertProved(Clinic clinic, Path certificate) throws IOException {
        assertThat(clinic.cli("audit", "certificate", certificate.toString())
                        .orFail()
                        .output())
                .contains("ok, 1 study key of erasure", "approved by");
        Files.writeString(certificate, Files.readString(certificate).replace("approved by", "forged by"));
        assertThat(clinic.cli("audit", "certificate", certificate.toString()).output())
                .contains("BAD: the statement: it is not the one that is in the log");
    }

    private static Command.Result approve(Clinic clinic, String erasure) {
        return clinic.cli(
                "shred", "approve", erasure, "--study", STUDY, "--removed", "--owner", "Dr. Doe", "--reason", "seen");
    }

    private static JsonNode parsed(Command.Result result) {
        return Rest.parse(result.output().getBytes(StandardCharsets.UTF_8));
    }
}
