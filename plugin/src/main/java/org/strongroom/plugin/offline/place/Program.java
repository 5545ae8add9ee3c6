package org.strongroom.plugin.offline.place;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.strongroom.core.cli.RootCommand;
import org.strongroom.core.time.Sleeper;

/** The program that each command is one of: what it is given beside its {@link org.strongroom.core.cli.Session}. Used by one thread. */
public abstract class Program extends RootCommand {
    public final Clock clock;
    public final Sleeper sleeper;
    /** The next line that a person types; empty if nobody is there. */
    public final Optional<Supplier<String>> answer;
    /** What a person types after a prompt, without being shown it, or a line of standard input; empty if neither can be had. */
    public final Function<String, Optional<String>> secret;

    /**
     * @param environment for variables in the configuration
     * @param terminal whether a person watches {@code err}
     */
    protected Program(
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            boolean terminal,
            Clock clock,
            Sleeper sleeper,
            Optional<Supplier<String>> answer,
            Function<String, Optional<String>> secret) {
        super(environment, out, err, terminal);
        this.clock = clock;
        this.sleeper = sleeper;
        this.answer = answer;
        this.secret = secret;
    }
}
