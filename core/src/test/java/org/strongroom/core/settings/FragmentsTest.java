package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The ready fragments load as they are. */
class FragmentsTest {
    @Test
    void smallest() {
        Settings settings = load("smallest.json");
        assertThat(settings.tiers()).containsOnlyKeys("offsite");
        assertThat(settings.requiredCopies()).isEqualTo(1);
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void smallestIsWhatTheReadmeShows() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        Matcher block = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertThat(block.find()).isTrue();
        JsonNode shown = ConfigurationText.parse(block.group(1), "README.md");
        JsonNode fragment =
                ConfigurationText.parse(Files.readString(Path.of("../orthanc-config/smallest.json")), "smallest.json");

        assertThat(shown.get("Strongroom")).isEqualTo(fragment.get("Strongroom"));
        assertThat(shown.get("Plugins").get(0).asText()).endsWith("/libStrongroom.so");
        assertThat(fragment).hasSize(1);
    }

    @Test
    void s3() {
        S3Settings s3 = load("s3.json").tiers().get("cloud").s3().orElseThrow();
        assertThat(s3.endpoint()).isPresent();
        assertThat(s3.credentialsFile()).contains(Path.of("/etc/strongroom/s3-credentials"));
    }

    @Test
    void azure() {
        AzureSettings azure = load("azure.json").tiers().get("cloud").azure().orElseThrow();
        assertThat(azure.keyFile()).isEqualTo(Path.of("/etc/strongroom/azure-key"));
        assertThat(azure.address()).hasToString("https://clinicstorage.blob.core.windows.net");
        assertThat(azure.prefix()).contains("strongroom/");
    }

    @Test
    void twoTiers() {
        Settings settings = load("two-tiers.json");
        assertThat(settings.tiers().get("near").directory()).isPresent();
        assertThat(settings.tiers().get("far").s3()).isPresent();
        assertThat(settings.requiredCopies()).isEqualTo(2);
        assertThat(settings.spoolMirror()).isEqualTo(Optional.of(Path.of("/mnt/second-disk/strongroom")));
    }

    @Test
    void twoTenants() {
        Settings settings = load("two-tenants.json");
        assertThat(settings.controlsAccess()).isTrue();
        assertThat(settings.tenants().get("north").sources().aETs()).containsExactly("NORTH_CT");
        assertThat(settings.tenants().get("north").sendsTo("SOUTH_CT")).isFalse();
        assertThat(settings.access().users())
                .containsOnlyKeys("north-rad", "south-rad", "north-billing", "north-referrer", "auditor", "admin");
        assertThat(settings.access().users().values())
                .allMatch(user -> user.passwordEnv().isPresent());
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void activeDirectory() {
        Settings settings = load("active-directory.json");
        assertThat(settings.controlsAccess()).isTrue();
        DirectorySettings directory = settings.access().directory().orElseThrow();
        assertThat(directory.servers()).hasSize(2).allMatch(DirectoryAddress::isTls);
        assertThat(directory.groups()).hasSize(3);
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void openIdConnect() {
        Settings settings = load("openid-connect.json");
        assertThat(settings.controlsAccess()).isTrue();
        OpenIdSettings provider = settings.access().openIdConnect().orElseThrow();
        assertThat(settings.access().login().address()).contains(WebAddress.parse("https://pacs.clinic.example"));
        assertThat(provider.groups()).hasSize(2);
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void theOthersControlNoAccess() {
        for (String name : List.of("smallest.json", "s3.json", "two-tiers.json")) {
            assertThat(load(name).controlsAccess()).as(name).isFalse();
        }
    }

    @Test
    void slowLine() {
        Settings settings = load("slow-line.json");
        assertThat(settings.uplink().limit()).isEqualTo(Rate.parse("480 kbit/s"));
        assertThat(settings.uplink().timetable()).hasSize(2);
        assertThat(settings.alerts().command()).isPresent();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void docker() {
        Settings settings = Configuration.load(
                        Path.of("../docker/orthanc.json"), Map.of("ORTHANC_PASSWORD", "a password"))
                .settings();
        assertThat(settings.tiers().get("offsite").directory()).contains(Path.of("/mnt/offsite"));
        assertThat(settings.warnings()).isEmpty();
    }

    /** The file must lie at the root: Docker without BuildKit looks for it only there. */
    @Test
    void noSecretOfDockersFolderGetsIntoAnImage() throws IOException {
        assertThat(Files.readAllLines(Path.of("../.dockerignore"))).contains("docker/passphrase", "docker/.env");
    }

    private static Settings load(String name) {
        return Configuration.load(Path.of("../orthanc-config").resolve(name), Map.of())
                .settings();
    }
}
