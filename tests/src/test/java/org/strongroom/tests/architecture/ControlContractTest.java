package org.strongroom.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.control.Status;
import org.strongroom.core.control.StudyStatus;
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

    /** Scripts outside of the project read them. */
    @ParameterizedTest
    @ValueSource(classes = {Status.class, StudyStatus.class})
    void thePageNamesEachFieldOfWhatAStatusTells(Class<?> answer) throws IOException {
        String page = Files.readString(Project.root().resolve("docs/control.md"));
        String section = page.substring(page.indexOf("\n## Status"));
        Set<String> fields = new TreeSet<>();
        fieldsOf(answer, fields);
        assertThat(fields).hasSizeGreaterThan(10).allSatisfy(field -> assertThat(section)
                .contains('"' + field + '"'));
    }

    /** Of a record, and of the records in it. */
    private static void fieldsOf(Type type, Set<String> fields) {
        if (type instanceof ParameterizedType several) {
            Stream.of(several.getActualTypeArguments()).forEach(each -> fieldsOf(each, fields));
        } else if (type instanceof Class<?> one && one.isRecord()) {
            for (RecordComponent field : one.getRecordComponents()) {
                fields.add(field.getName());
                fieldsOf(field.getGenericType(), fields);
            }
        }
    }
}
