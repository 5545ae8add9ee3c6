package org.strongroom.core.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Durations;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code strongroom COMMAND}: what is the same for the commands with keys and those without, which are two programs. Options
 * that every command has, one way to say what was not understood, and {@link Session} for the rest. Used by one thread.
 */
@Command(
        name = "strongroom",
        mixinStandardHelpOptions = true,
        version = "strongroom 0.1",
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:the whole was done", "1:something was not done", "2:the command was not understood"})
public abstract class RootCommand {
    @Option(
            names = "--config",
            paramLabel = "FILE|DIR",
            scope = ScopeType.INHERIT,
            defaultValue = Session.USUAL_CONFIG,
            description = "Orthanc's configuration. Default: ${DEFAULT-VALUE}")
    private Path config;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            scope = ScopeType.INHERIT,
            description = "Give up after this long, for example \"90 s\" or 5min. Default: never.")
    private Duration timeout;

    private final Map<String, String> environment;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;

    /**
     * @param environment for variables in the configuration
     * @param terminal whether a person watches {@code err}
     */
    protected RootCommand(Map<String, String> environment, PrintWriter out, PrintWriter err, boolean terminal) {
        this.environment = environment;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Runs one command and returns its exit status: 0, the whole was done; 1, not; 2, not understood. */
    public int run(String... arguments) {
        CommandLine line = line(Set.copyOf(List.of(arguments)))
                .registerConverter(Duration.class, said(Durations::parse))
                .registerConverter(Moment.class, said(Moment::parse))
                .registerConverter(LocalDate.class, said(RootCommand::day))
                .registerConverter(UUID.class, said(RootCommand::id))
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((problem, given) -> misused(problem, given));
        return line.setExecutionStrategy(parsed -> {
                    Integer help = CommandLine.executeHelpRequest(parsed);
                    return help != null ? help : session().run(() -> execute(parsed, arguments));
                })
                .execute(arguments);
    }

    /** What the options say, for the command that runs. */
    public Session session() {
        return new Session(new Console(out, err, json, terminal), config, environment, Optional.ofNullable(timeout));
    }

    /** Everything that can be asked for. */
    public CommandSpec specification() {
        return line(Set.of()).getCommandSpec();
    }

    /** With the commands that are among the words; with all of them if none is, for who asks for help or has mistyped. */
    private CommandLine line(Set<String> words) {
        List<Class<?>> all = List.of(getClass().getAnnotation(Subcommands.class).value());
        List<Class<?>> named = all.stream()
                .filter(command ->
                        words.contains(command.getAnnotation(Command.class).name()))
                .toList();
        CommandLine line = new CommandLine(this);
        (named.isEmpty() ? all : named).forEach(line::addSubcommand);
        return line;
    }

    /** A command that only has others is not understood without one of them. */
    private int execute(ParseResult parsed, String... arguments) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (ParameterException e) {
            return misused(e, arguments);
        }
    }

    /** How a value is read, with what its parser says where it cannot be. */
    private static <T> ITypeConverter<T> said(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no day: \"" + text + "\": write it like 2024-01-31", e);
        }
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no id: \"" + text + "\": write it as the command printed it", e);
        }
    }

    /** What was read of the words before one was wrong may lack {@code --json}, which may stand behind it. */
    private int misused(ParameterException problem, String... given) {
        new Console(out, err, List.of(given).contains("--json"), terminal)
                .failed(StrongroomException.of(FailureKind.REFUSED, problem.getMessage())
                        .cure("see " + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help"));
        return Console.MISUSED;
    }
}
