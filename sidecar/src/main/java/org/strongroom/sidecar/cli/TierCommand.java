package org.strongroom.sidecar.cli;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "tier",
        description = "Tiers of this installation.",
        subcommands = TierCommand.Add.class,
        synopsisSubcommandLabel = "COMMAND")
final class TierCommand {
    @ParentCommand
    private Main main;

    @Command(
            name = "add",
            description =
                    "Mark a configured tier as this installation's: one that joins later, or replaces one that was lost."
                            + " Everything is shipped to it.")
    static final class Add implements Callable<Integer> {
        @ParentCommand
        private TierCommand parent;

        @Parameters(paramLabel = "NAME", description = "The tier's name in Strongroom.Tiers.")
        private String name;

        @Override
        public Integer call() {
            Session session = parent.main.session();
            Set<String> known = session.configuration().settings().tiers().keySet();
            if (!known.contains(name)) {
                throw StrongroomException.of(FailureKind.REFUSED, "no such tier in the settings")
                        .with("tier", name)
                        .with("known", String.join(", ", known))
                        .cure("add it to Strongroom.Tiers and restart Orthanc, or correct the name");
            }
            session.sidecar().addTier(name);
            session.console().object(Map.of("tier", name, "added", true));
            session.console().line("Tier " + name + " belongs to this installation now");
            return Console.DONE;
        }
    }
}
