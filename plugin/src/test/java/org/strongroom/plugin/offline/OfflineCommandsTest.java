package org.strongroom.plugin.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.offline.tier.PlayedTier;

class OfflineCommandsTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path config;

    @BeforeEach
    void configure() throws IOException {
        config = folder.resolve("orthanc.json");
        Files.writeString(
                config,
                """
                {"Strongroom": {"Home": "%s", "RootKey": {"KeyFile": "%s"}, "Tiers": {"near": {"Directory": "%s"}}}}
                """
                        .formatted(folder.resolve("home"), folder.resolve("root.key"), folder.resolve("near")));
    }

    @Test
    void verifyWithoutAnyKeysFails() {
        assertThat(run("verify", "--all")).isEqualTo(1);
        assertThat(err.toString()).contains("strongroom: Home has no keys").contains("Cure: ");
    }

    /** Whoever looks first, perhaps as root, must not be who makes Home: Orthanc's user could not use it. */
    @ParameterizedTest
    @ValueSource(strings = {"fsck", "fsck --rebuild", "fsck --rebuild --dry-run", "verify --residency"})
    void whereThereAreNoKeysNothingIsMadeToLookAt(String words) {
        String[] all = words.split(" ", -1);
        assertThat(run(all[0], Arrays.copyOfRange(all, 1, all.length))).isEqualTo(1);
        assertThat(err.toString()).contains("strongroom: Home has no keys").contains("Cure: Start Orthanc");
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void classesAreReadInNobodysHome() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        new PlayedTier(folder).keyring.close();
        assertThat(run("read-classes", other.resolve("..").resolve("other").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("not one to try things in").contains("Cure: ");
        assertThat(other).isEmptyDirectory();
        err.getBuffer().setLength(0);
        try (HomeLock lock = HomeLock.take(new Home(folder.resolve("home")))) {
            assertThat(lock).isNotNull();
            assertThat(run("read-classes", folder.toString())).isEqualTo(1);
        }
        assertThat(err.toString()).contains("another Orthanc uses this Home");
    }

    @Test
    void verifyWithoutTheRootKeyFailsBeforeAnythingIsAsked() throws IOException {
        new PlayedTier(folder).keyring.close();
        Files.delete(folder.resolve("root.key"));
        assertThat(run("verify", "--all")).isEqualTo(1);
        assertThat(err.toString()).contains("root.key").contains("Cure: ");
        assertThat(new Home(folder.resolve("home")).settings()).doesNotExist();
    }

    @Test
    void verifyWithAnotherRootKeyFails() throws IOException {
        new PlayedTier(folder).keyring.close();
        byte[] other = new byte[32];
        other[0] = 1;
        Files.write(folder.resolve("root.key"), other);
        assertThat(run("verify", "--all", "--json")).isEqualTo(1);
        assertThat(out.toString()).contains("\"kind\":\"REFUSED\"").contains("does not open this Home's keys");
    }

    @Test
    void aTenantWithTiersWhoseIdNobodyHasToldIsNamedWithTheCure() throws IOException {
        new PlayedTier(folder).keyring.close();
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(
                                "\"Tiers\":",
                                "\"Tenants\": {\"clinic\": {}, \"north\": {\"Tiers\": [\"near\"], \"Copies\": 1,"
                                        + " \"Sources\": {\"AETs\": [\"N\"]}}}, \"Tiers\":"));
        assertThat(run("verify", "--residency")).isEqualTo(1);
        assertThat(err.toString())
                .contains("nobody has told which tenant is which")
                .contains("north")
                .contains("Cure: Start Orthanc");
    }

    /** Scripts outside the project read it. */
    @Test
    void routesNeedNeitherKeysNorConfiguration() throws IOException {
        Files.delete(config);
        assertThat(run("routes", "--json")).isZero();
        JsonNode routes = new ObjectMapper().readTree(out.toString()).get("routes");
        assertThat(routes).hasSizeGreaterThan(400);
        assertThat(routes)
                .map(JsonNode::toString)
                .contains(
                        "{\"method\":\"GET\",\"path\":\"/studies\",\"permission\":\"study:view\",\"level\":\"none\",\"list\":\"filtered\"}",
                        "{\"method\":\"GET\",\"path\":\"/instances/{instance}/preview\",\"permission\":\"study:pixels\",\"level\":\"instance\",\"list\":\"none\"}",
                        "{\"method\":\"POST\",\"path\":\"/tools/execute-script\",\"permission\":\"none\",\"level\":\"none\",\"list\":\"deny\"}");
        out.getBuffer().setLength(0);
        assertThat(run("routes")).isZero();
        assertThat(out.toString()).containsPattern("GET +/studies/\\{study} +study:view +study +own\\n");
    }

    @Test
    void initDoesNotDisturbARunningOrthanc() throws IOException {
        HomeLock running = HomeLock.take(new Home(folder.resolve("home")));
        try (running) {
            assertThat(run("init")).isEqualTo(1);
        }
        assertThat(err.toString()).contains("another Orthanc uses this Home");
    }

    @Test
    void aTierIsNamedAsInTheSettings() throws IOException {
        new PlayedTier(folder).keyring.close();
        assertThat(run("verify", "--tier", "far")).isEqualTo(1);
        assertThat(err.toString()).contains("no such tier");
        assertThat(run("verify")).isEqualTo(2);
    }

    /** An image that is just being stored seems to be nobody's: it must not be given to Orthanc once more. */
    @Test
    void whatIsRepairedWasLookedAtAfterTheUsualPauseAtLeast() {
        assertThat(run("fsck", "--repair", "--yes", "--pause", "9 s")).isEqualTo(1);
        assertThat(err.toString()).contains("so short a pause is for looking only");
        assertThat(run("fsck", "--pause", "61 min")).isEqualTo(1);
        assertThat(err.toString()).contains("more than an hour");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : new String[] {"init", "verify", "fsck"}) {
            assertThat(run(command, "--help")).isZero();
            assertThat(out.toString()).contains("strongroom " + command).contains("--config");
        }
    }

    private int run(String command, String... arguments) {
        String[] line = new String[arguments.length + 3];
        line[0] = "--config";
        line[1] = config.toString();
        line[2] = command;
        System.arraycopy(arguments, 0, line, 3, arguments.length);
        Sleeper none = duration -> {};
        return new Main(
                        Map.of(),
                        new PrintWriter(out),
                        new PrintWriter(err),
                        false,
                        Clock.systemUTC(),
                        none,
                        Optional.empty(),
                        prompt -> Optional.empty())
                .run(line);
    }
}
