package org.strongroom.plugin.offline;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.function.Function;
import java.util.function.Supplier;
import org.strongroom.core.cli.Subcommands;
import org.strongroom.core.cli.Terminal;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.codec.NativePlanes;
import org.strongroom.plugin.offline.access.BreakGlassCommand;
import org.strongroom.plugin.offline.access.RoutesCommand;
import org.strongroom.plugin.offline.access.UserCommand;
import org.strongroom.plugin.offline.drill.DrillCommand;
import org.strongroom.plugin.offline.export.ExportCommand;
import org.strongroom.plugin.offline.hold.HoldCommand;
import org.strongroom.plugin.offline.key.InitCommand;
import org.strongroom.plugin.offline.key.KeyCommand;
import org.strongroom.plugin.offline.kit.KitCommand;
import org.strongroom.plugin.offline.place.Program;
import org.strongroom.plugin.offline.recover.RecoverCommand;
import org.strongroom.plugin.offline.recover.SnapshotCommand;
import org.strongroom.plugin.offline.retention.RetentionCommand;
import org.strongroom.plugin.offline.shred.ShredCommand;
import org.strongroom.plugin.offline.study.PrefetchCommand;
import org.strongroom.plugin.offline.study.StudiesCommand;
import org.strongroom.plugin.offline.study.StudyCommand;
import org.strongroom.plugin.offline.study.UrgentCommand;
import org.strongroom.plugin.offline.tenant.TenantCommand;
import org.strongroom.plugin.offline.unseal.UnsealCommand;
import org.strongroom.plugin.offline.verify.FsckCommand;
import org.strongroom.plugin.offline.verify.VerifyCommand;
import org.strongroom.plugin.seal.OpenSslChunks;
import picocli.CommandLine.Command;

/** {@code strongroom COMMAND}: the commands that know the keys. */
@Command(description = "Commands that know the keys.")
@Subcommands({
    InitCommand.class,
    VerifyCommand.class,
    FsckCommand.class,
    UnsealCommand.class,
    StudyCommand.class,
    StudiesCommand.class,
    PrefetchCommand.class,
    UrgentCommand.class,
    KitCommand.class,
    KeyCommand.class,
    ReadClassesCommand.class,
    RoutesCommand.class,
    UserCommand.class,
    RecoverCommand.class,
    DrillCommand.class,
    ExportCommand.class,
    HoldCommand.class,
    RetentionCommand.class,
    ShredCommand.class,
    SnapshotCommand.class,
    TenantCommand.class,
    BreakGlassCommand.class
})
public final class Main extends Program {
    private static final Logger LOG = System.getLogger(Main.class.getName());

    Main(
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            boolean terminal,
            Clock clock,
            Sleeper sleeper,
            Optional<Supplier<String>> answer,
            Function<String, Optional<String>> secret) {
        super(environment, out, err, terminal, clock, sleeper, answer, secret);
    }

    public static void main(String[] arguments) {
        loadOurNativeCode();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        Main main = new Main(
                System.getenv(),
                out,
                err,
                Terminal.watches(),
                Clock.systemUTC(),
                Sleeper.SYSTEM,
                typed(lines),
                prompt -> hidden(prompt, lines));
        System.exit(main.run(arguments));
    }

    /** Without it everything is done in Java, more slowly: what recovers a PACS must not ask for more than there is. */
    static void loadOurNativeCode() {
        String home = System.getProperty("strongroom.home");
        if (home != null) {
            Path folder = Path.of(home, "lib", "native").toAbsolutePath();
            load(() -> NativePlanes.load(folder.resolve("libStrongroomPlanes.so")));
            load(() -> OpenSslChunks.load(folder.resolve("libStrongroomCipher.so")));
        }
    }

    private static void load(Runnable library) {
        try {
            library.run();
        } catch (UnsatisfiedLinkError e) {
            LOG.log(Level.DEBUG, "Done in Java: {0}", e.getMessage());
        }
    }

    private static Optional<Supplier<String>> typed(Scanner lines) {
        return Terminal.answers() ? Optional.of(() -> line(lines).orElse("")) : Optional.empty();
    }

    private static Optional<String> line(Scanner lines) {
        return lines.hasNextLine() ? Optional.of(lines.nextLine()) : Optional.empty();
    }

    @SuppressWarnings("SystemConsoleNull") // before Java 22 it is null
    private static Optional<String> hidden(String prompt, Scanner lines) {
        if (!Terminal.answers()) {
            return line(lines);
        }
        Console console = System.console();
        return console == null
                ? Optional.empty()
                : Optional.ofNullable(console.readPassword("%s", prompt)).map(String::new);
    }
}
