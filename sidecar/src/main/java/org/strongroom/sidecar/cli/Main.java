package org.strongroom.sidecar.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.strongroom.core.cli.RootCommand;
import org.strongroom.core.cli.Subcommands;
import org.strongroom.core.cli.Terminal;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import picocli.CommandLine.Command;

/** {@code strongroom COMMAND}: the commands without keys. */
@Command(description = "Where the bytes are, and moving them.")
@Subcommands({
    StatusCommand.class,
    ShipCommand.class,
    EvictCommand.class,
    UndeleteCommand.class,
    TierCommand.class,
    SeedCommand.class,
    UplinkCommand.class,
    AuditCommand.class,
    ArrivalsCommand.class,
    DoctorCommand.class
})
public final class Main extends RootCommand {
    final InstantSource clock;
    final RunningTime time;
    final Sleeper sleeper;

    Main(
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            boolean terminal,
            InstantSource clock,
            RunningTime time,
            Sleeper sleeper) {
        super(environment, out, err, terminal);
        this.clock = clock;
        this.time = time;
        this.sleeper = sleeper;
    }

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Main main = new Main(
                System.getenv(),
                out,
                err,
                Terminal.watches(),
                InstantSource.system(),
                RunningTime.system(),
                Sleeper.SYSTEM);
        System.exit(main.run(arguments));
    }
}
