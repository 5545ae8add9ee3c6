package org.strongroom.tests.tiers;

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
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** Several tiers of one installation: copies of copies, scrub and repair, leaving a tier, and where data may be. */
class CopiesIT {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static Path pack(Clinic clinic, String tier) {
        return ClearText.files(clinic.tier(tier).resolve("packs")).get(0);
    }

    private static long copies(Clinic clinic, String tier) {
        return clinic.status().at("/tiers/" + tier + "/copies").asLong();
    }

    private static JsonNode json(Command.Result result) {
        return Rest.parse(result.output().getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void copiesAreMadeOfCopiesDamageIsMadeGoodAndATierCanBeLeft(Debian debian) throws IOException {
        List<byte[]> slices = Samples.ct(3);
        try (Clinic clinic = new Clinic(debian).directoryTier("second")) {
            clinic.setup()
                    .strongroom("Copies", JSON.numberNode(1))
                    .strongroom("Scrub", JSON.objectNode().put("Period", "10 s").put("DailyLimit", "1 TB"));
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();
            await().atMost(Duration.ofMinutes(2)).until(() -> copies(clinic, "second") == copies(clinic, "offsite"));
            byte[] object = Files.readAllBytes(pack(clinic, "offsite"));
            assertThat(pack(clinic, "second")).hasBinaryContent(object);

            byte[] damaged = object.clone();
            damaged[damaged.length / 3] ^= 1;
            Files.write(pack(clinic, "offsite"), damaged);
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> ClearText.files(clinic.tier("offsite").resolve("packs"))
                                            .size()
                                    == 1
                            && java.util.Arrays.equals(Files.readAllBytes(pack(clinic, "offsite")), object));
            orthanc.stop();

            clinic.directoryTier("third");
            orthanc = clinic.start();
            clinic.awaitSidecar();
            clinic.cli("tier", "add", "third").orFail();
            JsonNode planned = json(clinic.cli("tier", "drain", "offsite", "--to", "third", "--dry-run", "--json")
                    .orFail());
            assertThat(planned.path("packs").asLong()).isEqualTo(copies(clinic, "offsite"));
            JsonNode drained =
                    json(clinic.cli("tier", "drain", "offsite", "--to", "third", "--json", "--timeout", "3 min")
                            .orFail());
            assertThat(drained.path("drained").asBoolean()).isTrue();
            assertThat(pack(clinic, "third")).hasBinaryContent(object);
            assertThat(pack(clinic, "offsite")).hasBinaryContent(object);
            assertThat(clinic.status().at("/tiers/offsite/drain").asText()).isEqualTo("drained to third");
            orthanc.stop();

            clinic.unmount("offsite");
            clinic.unmount("second");
            OrthancProcess again = clinic.start();
            clinic.cli("evict", "--all");
            assertThat(ids.stream().map(again.rest()::file).toList()).containsExactlyElementsOf(slices);
            clinic.mount("offsite");
            clinic.mount("second");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void nothingGoesOutsideTheJurisdictionsAndThatCanBeShown(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian).directoryTier("inside").directoryTier("others")) {
            ObjectNode tiers = clinic.setup().configuration().withObject("/Strongroom/Tiers");
            tiers.withObject("/offsite").put("Jurisdiction", "US").put("Provider", "Elsewhere Inc.");
            tiers.withObject("/inside").put("Jurisdiction", "EU");
            tiers.withObject("/others").put("Jurisdiction", "EU");
            ObjectNode tenants = JSON.objectNode();
            tenants.putObject("clinic").putArray("Jurisdictions").add("EU");
            tenants.withObject("/clinic").putArray("Tiers").add("inside");
            clinic.setup().strongroom("Tenants", tenants);
            OrthancProcess orthanc = clinic.start();
            byte[] image = Samples.ct(1).get(0);
            String id = orthanc.rest().upload(image);
            clinic.makeCold();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            assertThat(ClearText.files(clinic.tier("offsite")))
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("tier.id");
            assertThat(clinic.tier("inside").resolve("packs")).isNotEmptyDirectory();
            assertThat(clinic.tier("others").resolve("packs"))
                    .as("not the tenant's tier")
                    .doesNotExist();
            assertThat(clinic.tier("others").resolve("tier.id")).exists();

            JsonNode kept = json(clinic.cli("verify", "--residency", "--json").orFail());
            assertThat(kept.path("kept").asBoolean()).isTrue();
            assertThat(kept.at("/tiers/0/provider").asText()).isEqualTo("Elsewhere Inc.");
            assertThat(kept.at("/placed/clinic")).extracting(JsonNode::asText).containsExactly("inside");
            Path stray = clinic.tier("offsite").resolve("packs/" + "ab".repeat(16));
            Files.createDirectories(stray.getParent());
            Files.write(stray, new byte[10]);
            assertThat(clinic.cli("verify", "--residency").status()).isEqualTo(1);
            Files.delete(stray);

            orthanc.stop();
            clinic.setup().strongroom("Tenants", JSON.objectNode());
            assertThat(clinic.setup().startAndFail())
                    .as("the study of the tenant that is gone would go there now")
                    .contains("a tenant is not in the settings any more", "clinic", "offsite");
            clinic.endSidecars();
            Command.Result verified = clinic.cli("verify", "--residency");
            assertThat(verified.status()).isEqualTo(1);
            assertThat(verified.errors()).contains("a tenant is not in the settings any more");

            tenants.withObject("/clinic").putArray("Tiers").add("others");
            clinic.setup().strongroom("Tenants", tenants);
            Rest again = clinic.start().rest();
            Path left = clinic.tier("inside").resolve("packs");
            assertThat(clinic.cli("tier", "trim", "inside").output()).contains("with --delete");
            assertThat(left).isNotEmptyDirectory();
            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                clinic.cli("tier", "trim", "inside", "--delete").orFail();
                assertThat(left).isEmptyDirectory();
            });
            assertThat(clinic.tier("others").resolve("packs")).isNotEmptyDirectory();
            assertThat(again.file(id)).isEqualTo(image);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void studiesGoToATierWhileItsAgreementHolds(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().strongroom("RequireAgreements", JSON.booleanNode(true));
            ObjectNode tier = clinic.setup().configuration().withObject("/Strongroom/Tiers/offsite");
            tier.putObject("Agreement").put("With", "Elsewhere Inc.").put("Until", "2020-12-31");
            OrthancProcess orthanc = clinic.start();
            byte[] image = Samples.ct(1).get(0);
            String id = orthanc.rest().upload(image);
            clinic.awaitSidecar();
            Command.Result shipped = clinic.cli("ship", "--now", "--timeout", "3 min");
            assertThat(shipped.status()).as(shipped.output()).isEqualTo(1);
            assertThat(shipped.errors()).contains("when a person has helped", "has ended with 2020-12-31");
            assertThat(clinic.status().path("problems"))
                    .anySatisfy(problem -> assertThat(problem.path("message").asText())
                            .contains("with Elsewhere Inc.", "on this machine only"));
            clinic.cli("evict", "--all");
            assertThat(clinic.tier("offsite").resolve("packs")).doesNotExist();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            Command.Result list = clinic.cli("tier", "list", "--json");
            assertThat(list.status()).isEqualTo(1);
            assertThat(json(list).at("/tiers/0/until").asText()).isEqualTo("2020-12-31");
            orthanc.stop();

            tier.putObject("Agreement").put("Waived", "our own cellar").put("By", "Dr. Roe");
            orthanc = clinic.start();
            clinic.makeCold();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            assertThat(orthanc.log()).contains("waived by Dr. Roe: our own cellar");
            assertThat(clinic.cli("tier", "list").orFail().output()).contains("our own cellar");
        }
    }
}
