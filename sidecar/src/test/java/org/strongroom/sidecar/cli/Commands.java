package org.strongroom.sidecar.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.Map;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/** The commands without keys, in this process: a Java of its own for each costs more than all that it is started for. Thread-safe. */
public final class Commands {
    private Commands() {}

    /** What a process would have ended with and written. */
    public record Ended(int status, String output, String errors) {}

    /** Runs one command as {@code bin/strongroom} does; nobody watches it. */
    public static Ended run(Map<String, String> environment, String... words) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        Main main = new Main(
                environment,
                new PrintWriter(output, true),
                new PrintWriter(errors, true),
                false,
                InstantSource.system(),
                RunningTime.system(),
                Sleeper.SYSTEM);
        int status = main.run(words);
        return new Ended(status, output.toString(), errors.toString());
    }
}
