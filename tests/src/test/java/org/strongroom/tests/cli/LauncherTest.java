package org.strongroom.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Project;

/** Which Java the distribution's command takes, and what it says itself. Each one here is a script that says its own name; the one in {@code PATH} is Java 21. */
class LauncherTest {
    private static final Path LAUNCHER = Project.root().resolve("sidecar/src/main/dist/bin/strongroom");

    @TempDir
    Path folder;

    @BeforeEach
    void oneInThePath() throws IOException {
        java("in-the-path", "echo 'openjdk version \"21.0.7\" 2025-04-15' >&2");
    }

    @Test
    void takesWhatJavaHomeNames() throws IOException {
        whole(java("java-17", "exit 1"), "17.0.15");
        assertThat(taken("java-17")).isEqualTo("java-17");
        java("java-25", "echo 'Picked up JAVA_TOOL_OPTIONS: -Da=b'; echo 'openjdk version \"25\"'");
        assertThat(taken("java-25")).as("without a file that tells the version").isEqualTo("java-25");
    }

    @Test
    void passesOverAJavaHomeThatIsOlderOrBrokenOrNotThere() throws IOException {
        whole(java("java-11", "exit 1"), "11.0.2");
        assertThat(taken("java-11")).isEqualTo("in-the-path");
        java("java-8", "echo 'java version \"1.8.0_402\"' >&2");
        assertThat(taken("java-8")).isEqualTo("in-the-path");
        Files.writeString(java("half", "exit 1").resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        assertThat(taken("half")).as("its libjvm.so is missing").isEqualTo("in-the-path");
        assertThat(taken("nowhere")).isEqualTo("in-the-path");
    }

    /** Java 24 and newer warn on standard error of who was not allowed to. */
    @Test
    void bothSidesMayLoadNativeCode() throws IOException {
        java("in-the-path", "echo 'openjdk version \"25\"' >&2; exit; fi; if true; then echo \"$@\"");
        for (String command : List.of("status", "hold")) {
            assertThat(launched(command).orFail().output()).contains("--enable-native-access=ALL-UNNAMED");
        }
    }

    /** What goes wrong before Java runs is told to a program as what goes wrong in it. */
    @Test
    void tellsAProgramWhatItDoesNotUnderstand() throws IOException {
        for (List<String> words : List.of(List.of("--json"), List.of("share-classes", "--json", "--\\all\"\t"))) {
            Command.Result result = launched(words.toArray(String[]::new));
            assertThat(result.status()).isEqualTo(2);
            JsonNode error = new ObjectMapper().readTree(result.output()).path("error");
            assertThat(error.path("kind").asText()).isEqualTo("REFUSED");
            assertThat(error.path("cure").asText()).isNotEmpty();
            if (words.size() > 1) {
                assertThat(error.at("/context/word").asText()).isEqualTo("--\\all\"?");
            }
        }
        Command.Result words = launched("share-classes", "--all");
        assertThat(words.status()).isEqualTo(2);
        assertThat(words.errors()).contains("strongroom: this is not understood", "word: --all", "Cure: ");
    }

    private Command.Result launched(String... words) {
        return Command.of(LAUNCHER)
                .and((Object[]) words)
                .with("JAVA_HOME", folder.resolve("nowhere").toString())
                .with("PATH", folder.resolve("in-the-path/bin") + ":/usr/bin:/bin")
                .run();
    }

    /** @param version what it does when it is asked for its version */
    private Path java(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(
                program,
                """
                #!/bin/sh
                if [ "$1" = -version ]; then %s; exit; fi
                echo %s
                """
                        .formatted(version, name),
                StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private static void whole(Path home, String version) throws IOException {
        Files.createFile(Files.createDirectories(home.resolve("lib/server")).resolve("libjvm.so"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private String taken(String javaHome) {
        return Command.of(LAUNCHER, "status")
                .with("JAVA_HOME", folder.resolve(javaHome).toString())
                .with("PATH", folder.resolve("in-the-path/bin") + ":/usr/bin:/bin")
                .run()
                .orFail()
                .output()
                .strip();
    }
}
