package org.strongroom.sidecar.cli;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.AddResult;
import org.strongroom.core.control.DrainRequest;
import org.strongroom.core.control.DrainStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "tier",
        description = "Tiers of this installation.",
        subcommands = {TierListCommand.class, TierCommand.Add.class, TierCommand.Drain.class, TrimCommand.class},
        synopsisSubcommandLabel = "COMMAND")
final class TierCommand {
    @ParentCommand
    Main main;

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
            requireKnown(session, name);
            AddResult added = session.sidecar().addTier(name);
            session.console().object(Map.of("tier", name, "added", true, "packs", added.packs()));
            session.console().line("Tier " + name + " belongs to this installation now");
            if (added.packs() > 0) {
                session.console()
                        .line(Amounts.count(added.packs(), "pack") + " that it held before are sent to it again");
            }
            return Console.DONE;
        }
    }

    static void requireKnown(Session session, String name) {
        Set<String> known = session.configuration().settings().tiers().keySet();
        if (!known.contains(name)) {
            throw StrongroomException.of(FailureKind.REFUSED, "no such tier in the settings")
                    .with("tier", name)
                    .with("known", String.join(", ", known))
                    .cure("add it to Strongroom.Tiers and restart Orthanc, or correct the name");
        }
    }

    @Command(
            name = "drain",
            description =
                    "Leave a tier: everything that it holds is copied to another one, as ciphertext, and when that has its"
                            + " receipts the old tier does not count any more. Nothing is deleted. Goes on without this command,"
                            + " and where it was if it is given again. Succeeds when the other tier has every receipt.")
    static final class Drain implements Callable<Integer> {
        @ParentCommand
        private TierCommand parent;

        @Parameters(paramLabel = "OLD", description = "The tier to leave.")
        private String old;

        @Option(names = "--to", required = true, paramLabel = "NEW", description = "The tier that takes its place.")
        private String to;

        @Option(names = "--dry-run", description = "Only tell how much there is to copy.")
        private boolean dryRun;

        @Override
        public Integer call() throws InterruptedException {
            Session session = parent.main.session();
            requireKnown(session, old);
            requireKnown(session, to);
            DrainStatus status = session.sidecar().drain(old, new DrainRequest(to, dryRun));
            if (!dryRun) {
                try (ProgressBar bar = new ProgressBar(session.console())) {
                    status = new Draining(session::sidecar, parent.main.clock, parent.main.sleeper)
                            .await(status, session.timeout(), now -> bar.show(now.doneBytes(), now.bytes(), left(now)));
                }
            }
            session.console().object(status);
            session.console()
                    .line(
                            status.drained()
                                    ? "Tier " + old + " is drained: " + to + " has all "
                                            + Amounts.count(status.packs(), "pack")
                                    : left(status) + " to copy from " + old + " to " + to);
            return status.drained() || dryRun ? Console.DONE : Console.NOT_DONE;
        }

        private static String left(DrainStatus status) {
            return Amounts.count(status.packs() - status.done(), "pack") + ", "
                    + Amounts.bytes(status.bytes() - status.doneBytes());
        }
    }
}
