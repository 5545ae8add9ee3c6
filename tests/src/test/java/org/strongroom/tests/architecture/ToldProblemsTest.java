package org.strongroom.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Project;

/** Whoever looks up in docs/operations.md what {@code strongroom status} tells finds its words there. */
class ToldProblemsTest {
    /** Where one is made; its words come before the last argument, which says what to do. */
    private static final Pattern MADE = Pattern.compile("problems\\.raise\\(|new (?:Status\\.)?Problem\\(");

    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
    /** By so many words in a row one is found. */
    private static final int WORDS = 4;

    @Test
    void areInTheOperationsGuide() throws IOException {
        String guide = Files.readString(Project.root().resolve("docs/operations.md"));
        List<String> told = new ArrayList<>();
        for (Path source : sources()) {
            String text = JOINED.matcher(Files.readString(source)).replaceAll("");
            Matcher made = MADE.matcher(text);
            while (made.find()) {
                words(arguments(text, made.end())).ifPresent(told::add);
            }
        }
        assertThat(told).as("the sources were read").hasSizeGreaterThan(40).contains("no plugin asks for");
        assertThat(told).allSatisfy(words -> assertThat(guide).contains(words));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Project.root().resolve("sidecar/src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    /** Those of the call whose parenthesis opens before {@code start}. */
    private static List<String> arguments(String text, int start) {
        List<String> found = new ArrayList<>();
        int depth = 1;
        int from = start;
        for (int at = start; depth > 0; at++) {
            char each = text.charAt(at);
            if (each == '"') {
                Matcher quoted = TEXT.matcher(text).region(at, text.length());
                assertThat(quoted.lookingAt()).isTrue();
                at = quoted.end() - 1;
            } else if (each == '(') {
                depth++;
            } else if (each == ')') {
                depth--;
            }
            if (depth == 0 || (depth == 1 && each == ',')) {
                found.add(text.substring(from, at));
                from = at + 1;
            }
        }
        return found;
    }

    /** The first words of the longest text in the argument that tells; empty if another place has made it. */
    private static Optional<String> words(List<String> arguments) {
        return arguments.size() < 3
                ? Optional.empty()
                : TEXT.matcher(arguments.get(arguments.size() - 2))
                        .results()
                        .map(text -> text.group(1))
                        .max(Comparator.comparingInt(String::length))
                        .map(text -> Arrays.stream(text.strip().split("\\s+"))
                                .limit(WORDS)
                                .collect(Collectors.joining(" "))
                                .replaceAll("^\\W+|[^\\w>]+$", ""))
                        .filter(text -> text.length() > WORDS);
    }
}
