package org.strongroom.plugin.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
        assertThat(Path.of("/usr/include/orthanc/OrthancCPlugin.h"))
                .as("orthanc-dev, which ./strongroom build installs")
                .exists();
        distribution = Distribution.build(folder.resolve("dist"));
    }

    @Test
    void queuesPixelsAndSettingsHoldUnderSanitizers() throws IOException, InterruptedException {
        String output = Distribution.make(folder.resolve("harness"), "check");

        assertThat(output).contains("settings: accepted what is right");
        assertThat(output.lines().filter(line -> line.startsWith("planes: "))).hasSize(2);
        assertThat(output.lines().filter(line -> line.startsWith("queues: "))).hasSize(2);
    }

    static Stream<Path> javas() throws IOException {
        return Distribution.javas().stream();
    }

    @ParameterizedTest
    @MethodSource("javas")
    void librarySurvivesReloadsFaultsAndSmallStacks(Path libjvm) throws IOException, InterruptedException {
        assertThat(harness(libjvm)).contains("library: started and ended 8 times");
    }

    @Test
    void libraryUsesTheJvmOfAnotherPlugin() throws IOException, InterruptedException {
        assertThat(harness(Distribution.javas().get(0), "existing")).contains("library: started and ended 8 times");
    }

    private static String harness(Path libjvm, String... more) throws IOException, InterruptedException {
        Path build = folder.resolve("harness");
        Distribution.make(build, build.resolve("jvm-test").toString());
        List<String> command = new ArrayList<>(List.of(
                build.resolve("jvm-test").toString(),
                distribution.folder().toString(),
                Files.createTempDirectory(folder, "files").toString(),
                libjvm.toString()));
        command.addAll(List.of(more));
        return Distribution.run(command, 120);
    }

    @Test
    void needsNoNewGlibc() throws IOException, InterruptedException {
        String highest = Distribution.make(distribution.folder(), "glibc").strip();

        assertThat(highest).matches("GLIBC_2\\.\\d+");
        assertThat(Integer.parseInt(highest.substring("GLIBC_2.".length()))).isLessThanOrEqualTo(31);
    }
}
