package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Every folder of the corpus holds a configuration as it lies on disk ({@code orthanc.json} or {@code orthanc.d}), what
 * Orthanc makes of it where that differs ({@code merged.json}), and what Strongroom must make of both ({@code expected}).
 */
class SettingsCorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/settings");
    private static final Map<String, String> ENVIRONMENT = Map.of("DATA", "/srv/data", "THREADS", "8", "ONE", "1");

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CORPUS)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void commandsReadTheFiles(Path folder) throws IOException {
        Path single = folder.resolve("orthanc.json");
        Path config = Files.exists(single) ? single : folder.resolve("orthanc.d");
        assertThat(outcome(() -> Configuration.load(config, ENVIRONMENT))).isEqualTo(expected(folder));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thePluginReadsWhatOrthancMerged(Path folder) throws IOException {
        String json = merged(folder);
        assertThat(outcome(() -> Configuration.parse(json))).isEqualTo(expected(folder));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theHandOverIsReadBackEqual(Path folder) throws IOException {
        if (expected(folder).startsWith("{")) {
            Settings settings = Settings.parse(expected(folder));
            assertThat(Settings.parse(settings.toJson())).isEqualTo(settings);
        }
    }

    /** The configuration of a case as Orthanc hands it out. */
    static String merged(Path folder) throws IOException {
        Path merged = folder.resolve("merged.json");
        return Files.readString(Files.exists(merged) ? merged : folder.resolve("orthanc.json"));
    }

    private static String expected(Path folder) throws IOException {
        return Files.readString(folder.resolve("expected")).strip();
    }

    private static String outcome(Supplier<Configuration> reading) {
        try {
            return reading.get().settings().toJson();
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(e.cure()).isNotEmpty();
            return e.context().entrySet().stream()
                    .map(problem -> problem.getKey() + ": " + problem.getValue())
                    .collect(Collectors.joining("\n"));
        }
    }
}
