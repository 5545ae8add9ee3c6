package org.strongroom.plugin.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.PostgresIndex;

/** What PostgreSQL's programs see of this machine: a real process tells its words and its environment. */
class PostgresProgramsTest {
    private static final Map<String, Secret> CONNECTION = Map.of(
            "host", Secret.of("db"),
            "dbname", Secret.of("orthanc"),
            "password", Secret.of("slow-lantern"),
            "connect_timeout", Secret.of("7"));

    @TempDir
    Path folder;

    private PostgresPrograms programs(String script) throws IOException {
        Path program = Files.writeString(folder.resolve("pg_probe"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new PostgresPrograms(
                Map.of(
                        "PATH", folder + ":/usr/bin:/bin",
                        "PGSSLROOTCERT", "/etc/ca.pem",
                        "PGSERVICE", "elsewhere",
                        "AWS_SECRET_ACCESS_KEY", "cloud",
                        "STRONGROOM_PIN", "1234",
                        "LANG", "de_DE.UTF-8"),
                CONNECTION);
    }

    @Test
    void thePasswordIsInTheEnvironmentAloneAndNoOtherSecret() throws Exception {
        try (PostgresProcess process = programs("echo \"words $0 $*\"; env").start("pg_probe", List.of("--list"))) {
            String said = new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
            process.end();
            assertThat(said.lines().filter(line -> line.startsWith("words")).toList())
                    .containsExactly("words " + folder.resolve("pg_probe") + " --list");
            assertThat(said)
                    .contains("PGPASSWORD=slow-lantern", "PGHOST=db", "PGDATABASE=orthanc", "PGCONNECT_TIMEOUT=7")
                    .contains("PGSSLROOTCERT=/etc/ca.pem", "LC_ALL=C")
                    .doesNotContain("cloud", "1234", "de_DE", "elsewhere");
        }
    }

    @Test
    void whatIsNotUnderstoodReachesNoServer() {
        StrongroomException failure = catchThrowableOfType(
                StrongroomException.class, () -> PostgresPrograms.of(new PostgresIndex(Map.of(), false), Map.of()));
        assertThat(failure.kind()).isEqualTo(FailureKind.REFUSED);
        assertThat(failure.getMessage()).contains("ConnectionUri");
    }

    @Test
    void oneThatIsNotInstalledIsSaidToBeThat() throws IOException {
        StrongroomException failure = catchThrowableOfType(
                StrongroomException.class, () -> programs("").start("pg_nothing", List.of()));
        assertThat(failure.kind()).isEqualTo(FailureKind.REFUSED);
        assertThat(failure.getMessage()).contains("pg_nothing is not installed");
        assertThat(failure.cure()).contains("apt install postgresql-client");
    }

    @Test
    void oneThatEndsEarlyOrSaysMuchIsWaitedFor() throws Exception {
        try (PostgresProcess process = programs("yes 'pg_probe: error: no' | head -c 300000 >&2; exit 1")
                .start("pg_probe", List.of())) {
            StrongroomException failure = catchThrowableOfType(StrongroomException.class, () -> {
                for (int i = 0; i < 1000; i++) {
                    process.write(new byte[64 * 1024]);
                }
            });
            assertThat(failure.getMessage()).contains("pg_probe failed");
        }
    }
}
