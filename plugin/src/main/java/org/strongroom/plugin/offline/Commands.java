package org.strongroom.plugin.offline;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.time.Sleeper;

/**
 * The commands that know the keys, in this process, for whoever runs many of them: a Java of its own for each costs more than most of
 * what it is started for. Thread-safe.
 */
public final class Commands {
    static {
        Main.loadOurNativeCode();
    }

    private Commands() {}

    /** What a process would have ended with and written. */
    public record Ended(int status, String output, String errors) {}

    /** Runs one command as {@code bin/strongroom} does; nobody watches it, and nobody is there to be asked. */
    public static Ended run(Map<String, String> environment, String... words) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        Main main = new Main(
                environment,
                new PrintWriter(output, true),
                new PrintWriter(errors, true),
                false,
                Clock.systemUTC(),
                Sleeper.SYSTEM,
                Optional.empty(),
                prompt -> Optional.empty());
        int status = main.run(words);
        return new Ended(status, output.toString(), errors.toString());
    }
}
