package org.strongroom.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Project;

/** docs/control.md is what plugin and sidecar are written against: it names every route that the sidecar answers, and no other. */
class ControlContractTest {
    private static final Pattern TOLD = Pattern.compile("`(GET|POST) /v1(/[^`{?]*)");
    private static final Pattern ANSWERED = Pattern.compile("routes\\.put\\(\"(GET|POST) (/[^\"]*)\"");

    private static Set<String> routes(Pattern pattern, String text) {
        Set<String> routes = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            routes.add(matcher.group(1) + " " + matcher.group(2));
        }
        return routes;
    }

    @Test
    void thePageNamesTheRoutesOfTheSidecar() throws IOException {
        StringBuilder table = new StringBuilder();
        Files.readAllLines(Project.root().resolve("docs/control.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1)[1])
                .forEach(table::append);
        StringBuilder sources = new StringBuilder();
        Path rooms = Project.root().resolve("sidecar/src/main/java/org/strongroom/sidecar/control");
        try (Stream<Path> files = Files.list(rooms)) {
            for (Path file : files.toList()) {
                sources.append(Files.readString(file));
            }
        }
        Set<String> answered = routes(ANSWERED, sources.toString());
        assertThat(answered).hasSizeGreaterThan(20);
        assertThat(routes(TOLD, table.toString())).isEqualTo(answered);
    }
}
