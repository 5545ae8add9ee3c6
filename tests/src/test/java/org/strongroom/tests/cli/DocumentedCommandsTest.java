package org.strongroom.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.cli.RootCommand;
import org.strongroom.tests.harness.Project;
import picocli.CommandLine.Model.CommandSpec;

/** What the documents tell a reader to type is what the commands take: each command, subcommand and option. */
class DocumentedCommandsTest {
    /** Of the launcher, not of the programs behind it. */
    private static final Set<String> LAUNCHERS = Set.of("build", "demo", "test", "bench", "help", "share-classes");

    private static final Pattern TYPED =
            Pattern.compile("(?m)(?:^    |`|; )(?:[^\\s`]*/)?strongroom +(?:--config \\S+ +)?([^`\\n#;]*)");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

    private final List<CommandSpec> programs = Stream.of(
                    org.strongroom.plugin.offline.Main.class, org.strongroom.sidecar.cli.Main.class)
            .map(DocumentedCommandsTest::specification)
            .toList();

    /** Of a program that is only looked at: what its constructor wants is missing. */
    private static CommandSpec specification(Class<? extends RootCommand> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            Object[] nothing = Stream.of(constructor.getParameterTypes())
                    .map(parameter -> parameter == boolean.class ? Boolean.FALSE : null)
                    .toArray();
            return type.cast(constructor.newInstance(nothing)).specification();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a program cannot be looked at", e);
        }
    }

    @Test
    void areThere() throws IOException {
        List<String> wrong = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        for (Path document : documents()) {
            Matcher typed = TYPED.matcher(Files.readString(document));
            while (typed.find()) {
                String line = typed.group(1).strip();
                String command = line.split("\\s", 2)[0];
                if (command.matches("[a-z]+[a-z-]*") && !LAUNCHERS.contains(command)) {
                    seen.add(command);
                    if (programs.stream().noneMatch(program -> takes(program, line))) {
                        wrong.add(document.getFileName() + ": strongroom " + line);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen)
                .as("the documents were read")
                .contains("status", "verify", "recover", "hold", "shred", "audit");
    }

    /** Words go down from command to subcommand; what is between and behind them is options and their values. */
    private static boolean takes(CommandSpec program, String line) {
        List<CommandSpec> path = new ArrayList<>(List.of(program));
        for (String word : List.of(line.split("\\s+", -1))) {
            CommandSpec last = path.get(path.size() - 1);
            if (last.subcommands().containsKey(word)) {
                path.add(last.subcommands().get(word).getCommandSpec());
            }
        }
        CommandSpec last = path.get(path.size() - 1);
        boolean unfinished = !last.subcommands().isEmpty() && !line.endsWith(last.name()) && !line.contains("\u2026");
        Stream<String> options = OPTION.matcher(line).results().map(MatchResult::group);
        return path.size() > 1
                && !unfinished
                && options.allMatch(option ->
                        path.stream().anyMatch(spec -> spec.optionsMap().containsKey(option)));
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(Project.root().resolve("docs"))) {
            return Stream.concat(
                            docs.filter(file -> file.toString().endsWith(".md")),
                            Stream.of(Project.root().resolve("README.md")))
                    .toList();
        }
    }
}
