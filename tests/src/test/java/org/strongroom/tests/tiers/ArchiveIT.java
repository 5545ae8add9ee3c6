package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.tier.AzuriteServer;

/** A clinic whose only copies are in Azure's access tier Archive, on Azurite. */
class ArchiveIT {

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void anArchivedStudyIsListedAndDescribedAndOpensWhenItIsBroughtBack(Debian debian) throws IOException {
        List<byte[]> slices = Samples.ct(5);
        try (AzuriteServer azurite = new AzuriteServer();
                Clinic clinic = inTheContainer(debian, azurite)) {
            List<String> ids;
            try (OrthancProcess orthanc = clinic.start()) {
                ids = slices.stream().map(orthanc.rest()::upload).toList();
                clinic.ship();
                awaitArchived(clinic);
                clinic.cli("evict", "--all").orFail();
                assertThat(clinic.wholeSealedFiles()).as("bodies left behind").isEmpty();
            }
            Files.delete(clinic.home().resolve("ledger.db"));
            OrthancProcess orthanc = clinic.start();
            // What the ledger forgot: its packs from their companions, its receipts from the journal.
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> clinic.status().at("/tiers/az/copies").asInt() == 1);

            assertThat(orthanc.rest().json("/studies")).hasSize(1);
            assertThat(orthanc.rest()
                            .json("/instances/" + ids.get(2) + "/simplified-tags")
                            .path("PatientName")
                            .asText())
                    .isEqualTo(Samples.PATIENT_NAME);
            assertThat(clinic.cli("verify", "--all").orFail().output())
                    .contains("0 of 1 (1 archived, not read)", "Everything that is not archived opened.");
            assertThat(clinic.status().at("/tiers/az/comingBack").asInt()).isZero();

            HttpResponse<byte[]> refused = orthanc.rest().send("GET", "/instances/" + ids.get(2) + "/file", null);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                    .containsPattern("is being brought back from the archive, ready about [0-2][0-9]:[03]0");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> clinic.wholeSealedFiles().size() == slices.size());
            for (int i = 0; i < slices.size(); i++) {
                assertThat(orthanc.rest().file(ids.get(i))).isEqualTo(slices.get(i));
            }
            assertThat(clinic.status().path("problems")).isEmpty();
        }
    }

    private static void awaitArchived(Clinic clinic) {
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            JsonNode tier = clinic.status().at("/tiers/az");
            return tier.path("archived").asInt() == 1 && tier.path("copies").asInt() == 1;
        });
    }

    private static Clinic inTheContainer(Debian debian, AzuriteServer azurite) {
        AzureSettings made = azurite.make("clinic");
        return new Clinic(debian)
                .onlyContainer("az", "clinic", AzuriteServer.ACCOUNT, made.address(), azurite.keyFile())
                .archiving("az", "Archive", "0 s");
    }
}
