package org.strongroom.plugin.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The loader in harnesses that play Orthanc: the queues under sanitizers, the library with each installed JVM. */
class LibraryTest {
    @TempDir
    static Path folder;

    private static Distribution distribution;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        if (!Files.exists(Path.of("/usr/include/orthanc/OrthancCPlugin.h"))) {
            System.err.println("LibraryTest skipped: orthanc-dev is not installed");
            Assumptions.abort("orthanc-dev is not installed");
        }
        distribution = Distribution.build(folder.resolve("dist"));
    }

    @Test
    void queuesAndSettingsHoldUnderSanitizers() throws IOException, InterruptedException {
        String output = Distribution.make(folder.resolve("harness"), "check");

        assertThat(output).contains("settings: accepted what is right");
        assertThat(output.lines().filter(line -> line.startsWith("queues: "))).hasSize(2);
    }

    static Stream<Path> javas() throws IOException {
        return Distribution.javas().stream();
    }

    @ParameterizedTest
    @MethodSource("javas")
    void librarySurvivesReloadsFaultsAndSmallStacks(Path libjvm) throws IOException, InterruptedException {
        Path harness = folder.resolve("harness");
        Distribution.make(harness, harness.resolve("jvm-test").toString());
        Path files = Files.createTempDirectory(folder, "files");

        String output = Distribution.run(
                List.of(
                        harness.resolve("jvm-test").toString(),
                        distribution.folder().toString(),
                        files.toString(),
                        libjvm.toString()),
                120);

        assertThat(output).contains("library: started and ended 8 times");
    }

    @Test
    void needsNoNewGlibc() throws IOException, InterruptedException {
        String highest = Distribution.make(distribution.folder(), "glibc").strip();

        assertThat(highest).matches("GLIBC_2\\.\\d+");
        assertThat(Integer.parseInt(highest.substring("GLIBC_2.".length()))).isLessThanOrEqualTo(31);
    }
}
