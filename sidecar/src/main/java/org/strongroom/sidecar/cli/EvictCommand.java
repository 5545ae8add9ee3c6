package org.strongroom.sidecar.cli;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.EvictResult;
import org.strongroom.core.control.Kept;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "evict",
        description =
                "Remove from this machine the bodies of images that their tiers have received. What has no receipts stays,"
                        + " and is listed.")
final class EvictCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @ArgGroup(multiplicity = "1")
    private Which which;

    @Option(names = "--dry-run", description = "Only tell what would go.")
    private boolean dryRun;

    private static final class Which {
        @Option(
                names = "--all",
                description = "Whatever has its receipts. Fails if anything that has them stays all the same.")
        private boolean all;

        @Option(
                names = "--study",
                paramLabel = "KEY-ID",
                description = "These studies, by key id (status --studies). Fails if anything of them stays.")
        private List<UUID> studies = List.of();
    }

    @Override
    public Integer call() {
        Session session = main.session();
        EvictResult result = session.sidecar().evict(new EvictRequest(which.all, which.studies, dryRun));
        session.console().object(result);
        session.console()
                .line(Amounts.count(result.instances(), "instance")
                        + (dryRun ? " would go, " : " evicted, ")
                        + Amounts.bytes(result.bytes()));
        KeptText.of(result.kept()).forEach(session.console()::line);
        boolean kept = result.kept().stream()
                .filter(one -> !which.all || !one.reason().equals(Kept.NOT_RECEIVED))
                .anyMatch(one -> one.instances() > 0);
        return !kept ? Console.DONE : Console.NOT_DONE;
    }
}
