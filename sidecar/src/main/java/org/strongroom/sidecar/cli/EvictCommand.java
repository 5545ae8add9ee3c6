package org.strongroom.sidecar.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
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
    private static final int AT_ONCE = 100;

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
        EvictResult result = evict(session);
        session.console().object(result);
        session.console()
                .line(Amounts.count(result.instances(), "instance")
                        + (dryRun ? " would go, " : " evicted, ")
                        + Amounts.bytes(result.bytes()));
        KeptText.of(result.kept()).forEach(session.console()::line);
        boolean kept = result.kept().stream()
                .anyMatch(one -> !which.all || !one.reason().equals(Kept.NOT_RECEIVED));
        return !kept ? Console.DONE : Console.NOT_DONE;
    }

    /** Some studies at a time: that can be watched, and ended between two. */
    private EvictResult evict(Session session) {
        ControlClient sidecar = session.sidecar();
        List<UUID> keys = which.studies;
        if (which.all) {
            List<UUID> every = new ArrayList<>();
            sidecar.studies(study -> every.add(study.key()));
            keys = every;
        }
        EvictResult sum = new EvictResult(0, 0, List.of());
        try (ProgressBar bar = new ProgressBar(session.console())) {
            for (int done = 0; done < keys.size(); done += AT_ONCE) {
                bar.show(done, keys.size(), Amounts.bytes(sum.bytes()) + (dryRun ? " would go" : " evicted"));
                List<UUID> some = keys.subList(done, Math.min(keys.size(), done + AT_ONCE));
                sum = sum.plus(sidecar.evict(new EvictRequest(false, some, dryRun)));
            }
        }
        return sum;
    }
}
