package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Configuration;

/** From nothing, or from what is left of the old one, to a configuration that Orthanc starts with. */
class RecoveredConfigurationTest {
    @TempDir
    Path folder;

    private Path file;
    private Home home;
    private Path tier;

    @BeforeEach
    void names() throws IOException {
        tier = Files.createDirectory(folder.resolve("tier"));
        file = folder.resolve("orthanc.json");
        home = new Home(folder.resolve("home"));
    }

    private static ObjectNode address(String text, Home home) {
        return new TierAddress(
                        text,
                        Optional.of(URI.create("https://s3.example.org")),
                        Optional.of("eu-1"),
                        Optional.of(Path.of("/etc/key")))
                .settings(home);
    }

    private String complete(RecoveredConfiguration configuration, String from) throws IOException {
        configuration.home(home);
        String name = configuration.hasTier(from) ? from : configuration.tier(address(from, home));
        if (!configuration.hasRootKey()) {
            configuration.passphrase(Path.of("/etc/strongroom/passphrase"));
        }
        configuration.complete(Path.of("/opt/strongroom"), home);
        configuration.write();
        return name;
    }

    private JsonNode written() throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    @Test
    void nothingButAnAddressIsEnough() throws IOException {
        assertThat(complete(RecoveredConfiguration.of(file), tier.toString())).isEqualTo("offsite");
        Configuration read = Configuration.load(file, Map.of());
        assertThat(read.settings().home()).isEqualTo(home.root());
        assertThat(read.settings().tiers().get("offsite").directory()).contains(tier);
        assertThat(read.settings().tiers().get("offsite").allowSameDisk()).isTrue();
        assertThat(written().at("/Plugins/0").asText()).isEqualTo("/opt/strongroom/libStrongroom.so");
        byte[] before = Files.readAllBytes(file);
        assertThat(complete(RecoveredConfiguration.of(file), tier.toString())).isEqualTo("offsite");
        assertThat(file).hasBinaryContent(before);
        assertThat(folder.resolve("orthanc.json.before")).doesNotExist();
    }

    @Test
    void whatIsTakenBackIsAsItWas() throws IOException {
        RecoveredConfiguration made = RecoveredConfiguration.of(file);
        complete(made, tier.toString());
        made.takeBack();
        assertThat(file).doesNotExist();

        String old = "{/* ours */ \"Name\": \"PACS\",}";
        Files.writeString(file, old);
        RecoveredConfiguration completed = RecoveredConfiguration.of(file);
        complete(completed, tier.toString());
        completed.takeBack();
        assertThat(file).hasContent(old);
        assertThat(folder.resolve("orthanc.json.before")).doesNotExist();

        // What an earlier call has kept, and has not taken back, is not this one's.
        complete(RecoveredConfiguration.of(file), tier.toString());
        RecoveredConfiguration again = RecoveredConfiguration.of(file);
        complete(again, "s3://clinic-archive");
        again.takeBack();
        assertThat(written().at("/Strongroom/Tiers")).hasSize(1);
        assertThat(folder.resolve("orthanc.json.before")).hasContent(old);
        again.takeBack();
        assertThat(written().at("/Strongroom/Tiers")).hasSize(1);
    }

    @Test
    void storesAreNamedAsTheSheetsNameThem() throws IOException {
        complete(RecoveredConfiguration.of(file), "s3://clinic-archive/strong/room");
        var s3 = Configuration.load(file, Map.of())
                .settings()
                .tiers()
                .get("offsite")
                .s3()
                .orElseThrow();
        assertThat(s3.bucket()).isEqualTo("clinic-archive");
        assertThat(s3.prefix()).contains("strong/room/");
        assertThat(s3.endpoint()).contains(URI.create("https://s3.example.org"));
        assertThat(s3.region()).isEqualTo("eu-1");
        assertThat(s3.pathStyle()).isTrue();
        assertThat(complete(RecoveredConfiguration.of(file), "azure://account/container/under"))
                .isEqualTo("recovered");
        var azure = Configuration.load(file, Map.of())
                .settings()
                .tiers()
                .get("recovered")
                .azure()
                .orElseThrow();
        assertThat(azure.account()).isEqualTo("account");
        assertThat(azure.container()).isEqualTo("container");
        assertThat(azure.prefix()).contains("under/");
        for (String wrong : new String[] {"s3://", "azure://account", "/nowhere/at/all", "offsite"}) {
            assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> address(wrong, home));
        }
    }

    @Test
    void whatIsLeftOfTheOldOneIsKept() throws IOException {
        String left = "{ // ours\n \"Name\": \"Clinic\", \"Plugins\": [\"/usr/lib/libOrthancPostgreSQLIndex.so\"],"
                + " \"StorageDirectory\": \"db\", \"LuaScripts\": [\"forward.lua\"],"
                + " \"Strongroom\": {\"Tiers\": {\"far\": {\"Directory\": \"/mnt/far\"}},"
                + " \"RootKey\": {\"KeyFile\": \"/etc/root.key\"},}}";
        Files.writeString(file, left);
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        assertThat(complete(configuration, "far")).isEqualTo("far");
        assertThat(folder.resolve("orthanc.json.before")).hasContent(left);
        assertThat(written().path("Name").asText()).isEqualTo("Clinic");
        assertThat(written().at("/Strongroom/RootKey/KeyFile").asText()).isEqualTo("/etc/root.key");
        assertThat(written().path("Plugins")).hasSize(2);
        assertThat(written().path("LuaScripts")).hasSize(1);

        Path own = folder.resolve("own.json");
        configuration.writeForRegistering(own);
        JsonNode registering = new ObjectMapper().readTree(Files.readAllBytes(own));
        assertThat(registering.path("Plugins")).hasSize(2);
        assertThat(registering.path("LuaScripts")).isEmpty();
        assertThat(registering.at("/Strongroom/Snapshots/Enabled").asBoolean(true))
                .isFalse();
        assertThat(written().at("/Strongroom").has("Snapshots")).isFalse();
        assertThat(registering.path("HttpServerEnabled").asBoolean(true)).isFalse();
        assertThat(registering.path("SaveJobs").asBoolean(true)).isFalse();
        assertThat(registering.path("StorageDirectory").asText())
                .isEqualTo(folder.resolve("db").toString());

        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> RecoveredConfiguration.of(file).home(new Home(folder.resolve("other"))));
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> RecoveredConfiguration.of(folder));
        Files.writeString(file, "[1]");
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> RecoveredConfiguration.of(file));
    }

    @Test
    void thePluginForPostgresIsFoundInAFolderAndMissedWhereThereIsNone() throws IOException {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Path index = Files.createFile(plugins.resolve("libOrthancPostgreSQLIndex.so"));
        Files.createFile(plugins.resolve("libForwarder.so"));
        Files.writeString(
                file,
                "{\"Plugins\": [\"plugins\"], \"PostgreSQL\": {\"EnableIndex\": true, \"Password\":"
                        + " \"${DB_PASSWORD}\"}}");
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, tier.toString());
        Path own = folder.resolve("own.json");
        configuration.writeForRegistering(own);
        JsonNode registering = new ObjectMapper().readTree(Files.readAllBytes(own));
        assertThat(registering.path("Plugins")).hasSize(2);
        assertThat(registering.at("/Plugins/1").asText()).isEqualTo(index.toString());
        assertThat(registering.at("/PostgreSQL/Password").asText()).isEqualTo("${DB_PASSWORD}");

        Files.delete(index);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> configuration.writeForRegistering(own))
                .withMessageContaining("no plugin for that");
    }
}
