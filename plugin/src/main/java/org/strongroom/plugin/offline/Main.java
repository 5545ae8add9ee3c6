package org.strongroom.plugin.offline;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.cli.Terminal;
import org.strongroom.core.settings.Durations;
import org.strongroom.core.time.Sleeper;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** {@code strongroom COMMAND}: the commands that need the keys. Exit status 0: the whole was done; 1: not; 2: not understood. */
@Command(
        name = "strongroom",
        description = "Commands that need the keys.",
        mixinStandardHelpOptions = true,
        version = "strongroom 0.1",
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:the whole was done", "1:something was not done", "2:the command was not understood"},
        subcommands = {InitCommand.class, VerifyCommand.class})
public final class Main {
    @Option(
            names = "--config",
            paramLabel = "FILE|DIR",
            scope = ScopeType.INHERIT,
            defaultValue = Session.USUAL_CONFIG,
            description = "Orthanc's configuration. Default: ${DEFAULT-VALUE}")
    Path config;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON object.")
    boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            scope = ScopeType.INHERIT,
            description = "Give up after this long, for example \"90 s\" or 5min. Default: never.")
    Duration timeout;

    private final Map<String, String> environment;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    final Clock clock;
    final Sleeper sleeper;

    Main(
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            boolean terminal,
            Clock clock,
            Sleeper sleeper) {
        this.environment = environment;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Main main = new Main(System.getenv(), out, err, Terminal.watches(), Clock.systemUTC(), Sleeper.SYSTEM);
        System.exit(main.run(arguments));
    }

    int run(String... arguments) {
        CommandLine line = new CommandLine(this)
                .registerConverter(Duration.class, Main::duration)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((problem, given) -> misused(problem));
        return line.setExecutionStrategy(parsed -> {
                    Integer help = CommandLine.executeHelpRequest(parsed);
                    return help != null ? help : session().run(() -> new CommandLine.RunLast().execute(parsed));
                })
                .execute(arguments);
    }

    Session session() {
        return new Session(new Console(out, err, json, terminal), config, environment, Optional.ofNullable(timeout));
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(e.getMessage());
        }
    }

    private static int misused(ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        command.getErr().println("strongroom: " + problem.getMessage());
        command.getErr().println("  Cure: see " + command.getCommandSpec().qualifiedName() + " --help");
        return Console.MISUSED;
    }
}
