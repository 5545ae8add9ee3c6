package org.strongroom.plugin.offline;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.function.Supplier;
import org.strongroom.core.cli.RootCommand;
import org.strongroom.core.cli.Terminal;
import org.strongroom.core.time.Sleeper;
import picocli.CommandLine.Command;

/** {@code strongroom COMMAND}: the commands that know the keys. */
@Command(
        description = "Commands that know the keys.",
        subcommands = {InitCommand.class, VerifyCommand.class, FsckCommand.class, StudyCommand.class, KitCommand.class})
public final class Main extends RootCommand {
    final Clock clock;
    final Sleeper sleeper;
    /** The next line that a person types; empty if nobody is there. */
    final Optional<Supplier<String>> answer;

    Main(
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            boolean terminal,
            Clock clock,
            Sleeper sleeper,
            Optional<Supplier<String>> answer) {
        super(environment, out, err, terminal);
        this.clock = clock;
        this.sleeper = sleeper;
        this.answer = answer;
    }

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Main main = new Main(System.getenv(), out, err, Terminal.watches(), Clock.systemUTC(), Sleeper.SYSTEM, typed());
        System.exit(main.run(arguments));
    }

    private static Optional<Supplier<String>> typed() {
        if (!Terminal.answers()) {
            return Optional.empty();
        }
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        return Optional.of(() -> lines.hasNextLine() ? lines.nextLine() : "");
    }
}
