package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Status;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.home.SidecarLock;

/** The sidecar as a process. */
class SidecarTest {
    @TempDir
    Path folder;

    private final UUID installation = UUID.randomUUID();
    private Home home;

    @BeforeEach
    void configure() throws Exception {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Files.createDirectory(folder.resolve("near"));
        Files.createDirectory(folder.resolve("far"));
        Files.writeString(
                home.settings(),
                "{\"Strongroom\":{\"Home\":\"" + home.root()
                        + "\",\"RootKey\":{\"PassphraseFile\":\"/nowhere\"},\"Tiers\":{"
                        + "\"near\":{\"Directory\":\"" + folder.resolve("near") + "\",\"AllowSameDisk\":true},"
                        + "\"far\":{\"Directory\":\"" + folder.resolve("far") + "\"}}}}");
    }

    private int firstStart() {
        return Sidecar.execute(
                "first-start", "--home", home.root().toString(), "--installation", installation.toString());
    }

    @Test
    void a_look_for_a_recovery_tells_how_far_each_audit_log_goes() throws Exception {
        String log = "0123456789abcdef".repeat(2);
        String checkpoint = "audit/log-" + log + "/checkpoints/000000000000000007-" + "ab".repeat(32);
        List<String> all = List.of(
                "keys/00000001-1-00",
                "journal/head-1-00",
                "audit/key-" + log,
                checkpoint,
                "audit/log-" + log + "/tile/entries/000",
                "packs/" + UUID.randomUUID());
        for (String name : all) {
            Path file = folder.resolve("near").resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "some");
        }
        Path told = Files.createDirectory(folder.resolve("told"));
        assertThat(look("near", told)).isZero();
        assertThat(Files.readAllLines(told.resolve("list")))
                .containsExactlyInAnyOrder("4 keys/00000001-1-00", "4 journal/head-1-00", "4 " + checkpoint);
    }

    /** The machine is lost: what another tier's settings name on it need not be there. */
    @Test
    void a_look_asks_nothing_of_other_tiers() throws Exception {
        Files.writeString(
                home.settings(),
                Files.readString(home.settings())
                        .replace(
                                "\"far\":",
                                "\"cloud\":{\"S3\":{\"Bucket\":\"clinic\",\"Region\":\"eu-central-1\",\"CredentialsFile\":\""
                                        + folder.resolve("lost") + "\"}},\"far\":"));
        Path told = Files.createDirectory(folder.resolve("told"));
        assertThat(look("cloud", told)).isNotZero();
        assertThat(look("another", told)).isNotZero();
        assertThat(told).isEmptyDirectory();
        assertThat(look("near", told)).isZero();
        assertThat(told.resolve("list")).isEmptyFile();
    }

    private int look(String tier, Path told) {
        return Sidecar.execute("look", "--home", home.root().toString(), "--tier", tier, "--in", told.toString());
    }

    @Test
    void the_first_start_marks_every_tier_or_none() throws Exception {
        Path foreign = folder.resolve("far").resolve("tier.id");
        Files.writeString(foreign, "{\"strongroom\":1,\"installation\":\"" + UUID.randomUUID() + "\"}");
        assertThat(firstStart()).isNotZero();
        assertThat(folder.resolve("near").resolve("tier.id")).doesNotExist();
        Files.delete(foreign);
        assertThat(firstStart()).isZero();
        assertThat(firstStart()).isZero();
        assertThat(Files.readString(foreign)).contains(installation.toString());
    }

    private Process start(String... more) throws Exception {
        String[] command = {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Sidecar.class.getName(),
            "run",
            "--home",
            home.root().toString()
        };
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.command().addAll(java.util.List.of(more));
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
        return builder.start();
    }

    @Test
    void it_serves_alone_and_ends_in_order() throws Exception {
        new Installation(installation, Instant.EPOCH, new byte[32], new byte[32]).write(home.installation());
        assertThat(firstStart()).isZero();
        Process sidecar = start("--stay");
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(home.control()) || !sidecar.isAlive());
            assertThat(sidecar.isAlive()).as(log()).isTrue();
            ControlClient client = ControlClient.connect(home);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> client.status().tiers().values().stream().allMatch(Status.TierStatus::healthy));
            assertThat(client.status().tiers().get("near").counts()).isTrue();
            assertThat(client.status().tiers().get("far").counts()).isFalse();
            assertThat(client.status().installation()).isEqualTo(installation);
            Process second = start();
            assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(Sidecar.EXIT_LOCKED);
        } finally {
            sidecar.destroy();
        }
        assertThat(sidecar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(home.control()).doesNotExist();
        assertThat(home.ledger().resolveSibling("ledger.db-wal")).doesNotExist();
        try (SidecarLock lock = SidecarLock.take(home).orElseThrow()) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void one_whose_settings_are_not_those_of_the_running_orthanc_ends() throws Exception {
        new Installation(installation, Instant.EPOCH, new byte[32], new byte[32]).write(home.installation());
        assertThat(firstStart()).isZero();
        Process sidecar = start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(home.control()) || !sidecar.isAlive());
            Files.writeString(home.settings(), Files.readString(home.settings()) + "\n");
            assertThat(sidecar.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(sidecar.exitValue()).as(log()).isZero();
        } finally {
            sidecar.destroy();
        }
    }

    private String log() throws Exception {
        return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
    }

    @Test
    void without_settings_or_installation_it_says_what_is_missing() throws Exception {
        Process sidecar = start();
        assertThat(sidecar.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(sidecar.exitValue()).isEqualTo(1);
        assertThat(log()).contains("Home has no installation yet").contains("Start Orthanc");
        Files.delete(home.settings());
        assertThat(Sidecar.execute("run", "--home", home.root().toString())).isEqualTo(1);
    }
}
