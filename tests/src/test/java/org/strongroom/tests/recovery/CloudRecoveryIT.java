package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;
import org.strongroom.tests.tier.AzuriteServer;
import org.strongroom.tests.tier.CephServer;

/** Everything is gone but a prefix of a bucket or container, its credentials and three sheets; what comes back in a folder, {@link RecoverIT} shows. */
class CloudRecoveryIT {
    private static final Debian DEBIAN = Debian.TRIXIE;
    private static final String PREFIX = "clinics/north";
    private static final String PLACE = "recovered";

    private final Map<String, byte[]> images = new LinkedHashMap<>();

    @Test
    void aBucketIsAWorkingPacs() throws IOException {
        try (CephServer ceph = new CephServer()) {
            Buckets.make(ceph.endpoint(), ceph.credentials(), PLACE);
            Clinic lost = new Clinic(DEBIAN)
                    .withPassphrase()
                    .onlyBucket("cloud", PLACE, ceph.endpoint(), ceph.credentialsFile());
            lost.setup()
                    .configuration()
                    .withObject("/Strongroom/Tiers/cloud/S3")
                    .put("Prefix", PREFIX);
            comesBack(lost, "s3://" + PLACE + "/", ceph.endpoint(), "AKIANOBODY");
        }
    }

    @Test
    void aContainerIsAWorkingPacs() throws IOException {
        try (AzuriteServer azurite = new AzuriteServer()) {
            URI endpoint = azurite.make(PLACE).address();
            Clinic lost = new Clinic(DEBIAN)
                    .withPassphrase()
                    .onlyContainer("cloud", PLACE, AzuriteServer.ACCOUNT, endpoint, azurite.keyFile());
            lost.setup()
                    .configuration()
                    .withObject("/Strongroom/Tiers/cloud/Azure")
                    .put("Prefix", PREFIX);
            comesBack(lost, "azure://" + AzuriteServer.ACCOUNT + "/" + PLACE + "/", endpoint, "bm9ib2R5");
        }
    }

    private void comesBack(Clinic burnt, String store, URI endpoint, String nobody) throws IOException {
        try (Clinic lost = burnt;
                Clinic made = new Clinic(DEBIAN).withPassphrase()) {
            List<Path> sheets = burn(lost);
            Path credentials = lost.scratch().path().resolve("credentials");
            Path config = made.scratch().folder("new").resolve("orthanc.json");
            Object[] words = {
                Distribution.get().launcher(), "recover", "--json", "--from", store + PREFIX, "--endpoint", endpoint
            };
            Command recover = DEBIAN.command(words)
                    .and("--home", made.home(), "--config", config)
                    .within(Duration.ofMinutes(5));

            Path others = made.scratch().file("others", changed(credentials, nobody));
            Command.Result refused =
                    recover.and("--credentials", others).and(sheets.toArray()).run();
            assertThat(refused.status()).as(refused.errors()).isEqualTo(1);
            assertThat(refused.output()).contains("the tier cannot be read");
            assertThat(made.home().resolve("installation.json")).doesNotExist();
            assertThat(config).doesNotExist();

            JsonNode told = told(recover.and("--credentials", credentials)
                    .and(sheets.toArray())
                    .run());
            assertThat(told.path("whole").asBoolean()).as(told.toString()).isTrue();
            assertThat(told.at("/outcome/registered").asInt()).isEqualTo(images.size());
            assertThat(told.at("/recovery/proven").asBoolean()).isTrue();

            made.setup().configuration().setAll((ObjectNode) Rest.parse(Files.readAllBytes(config)));
            OrthancProcess orthanc = made.start();
            assertThat(orthanc.rest().instances()).containsExactlyInAnyOrderElementsOf(images.keySet());
            byte[] next = Samples.otherStudy();
            images.put(orthanc.rest().upload(next), next);
            made.makeCold();
            images.forEach((id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
            made.cli("verify", "--all").orFail();
        }
    }

    /** Stores, ships, and destroys all but what is in the store; the sheets. */
    private List<Path> burn(Clinic lost) throws IOException {
        OrthancProcess orthanc = lost.start();
        for (byte[] image : Samples.ct(4)) {
            images.put(orthanc.rest().upload(image), image);
        }
        byte[] other = Samples.otherPatient();
        images.put(orthanc.rest().upload(other), other);
        Path out = lost.scratch().path().resolve("kit");
        JsonNode kit = told(lost.cli("kit", "create", "--json", "--shares", "5", "--need", "3", "--out", out));
        lost.ship();
        orthanc.kill();
        lost.endSidecars();
        for (String part : List.of("home", "orthanc", "passphrase")) {
            Scratch.delete(lost.scratch().path().resolve(part));
        }
        List<Path> sheets = new ArrayList<>();
        kit.path("sheets").forEach(sheet -> sheets.add(Path.of(sheet.asText())));
        return sheets.subList(1, 4);
    }

    /** Credentials that look right: the same file with another word for each secret. */
    private static byte[] changed(Path credentials, String word) throws IOException {
        return Files.readString(credentials)
                .replaceAll("(?m)(^[a-z_]+ = ).*$", "$1" + word)
                .replaceAll("(?s)^[A-Za-z0-9+/]+=*\\s*$", word)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode told(Command.Result result) {
        return Rest.parse(result.orFail().output().getBytes(StandardCharsets.UTF_8));
    }
}
