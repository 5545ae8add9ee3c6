package org.strongroom.sidecar.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.UndeleteRequest;
import org.strongroom.core.control.UndeleteResult;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "undelete",
        description =
                "Give images back to Orthanc that it forgot less than Forget.Grace ago, or that are under a hold. Orthanc must"
                        + " run; this command ends when it has taken them in.")
final class UndeleteCommand implements Callable<Integer> {
    private static final int BATCH = 50;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Main main;

    @ArgGroup(multiplicity = "1")
    private Which which;

    @Option(names = "--dry-run", description = "Only tell what would come back.")
    private boolean dryRun;

    private static final class Which {
        @Option(names = "--all", description = "Everything that it forgot less than Forget.Grace ago.")
        private boolean all;

        @Option(
                names = "--hold",
                paramLabel = "HOLD",
                description = "What is under this hold, however long ago it was.")
        private UUID hold;

        @Option(names = "--attachment", paramLabel = "UUID", description = "These, by Orthanc's attachment uuid.")
        private List<UUID> attachments = List.of();
    }

    @Option(
            names = "--to-owner",
            description = "Also what somebody sent into a study of another tenant: it becomes the study's owner's. With"
                    + " --attachment only.")
    private boolean toOwner;

    @Override
    public Integer call() {
        if (toOwner && which.attachments.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--to-owner gives images to somebody else: name them with --attachment");
        }
        Session session = main.session();
        ControlClient sidecar = session.sidecar();
        UndeleteResult found =
                sidecar.undelete(new UndeleteRequest(which.all, which.hold, which.attachments, true, toOwner));
        UndeleteResult result = dryRun ? found : giveBack(session, sidecar, found, toOwner);
        session.console().object(result);
        session.console()
                .line(Amounts.count(result.instances(), "instance")
                        + (dryRun ? " would come back" : " given back to Orthanc"));
        KeptText.of(result.kept()).forEach(session.console()::line);
        return result.kept().stream().allMatch(kept -> kept.instances() == 0) ? Console.DONE : Console.NOT_DONE;
    }

    /** A few at a time, each answered when Orthanc has it. */
    private static UndeleteResult giveBack(
            Session session, ControlClient sidecar, UndeleteResult found, boolean toOwner) {
        List<UUID> all = found.attachments();
        Map<String, Long> kept = new TreeMap<>();
        found.kept().forEach(reason -> kept.merge(reason.reason(), reason.instances(), Long::sum));
        long back = 0;
        try (ProgressBar bar = new ProgressBar(session.console())) {
            for (int from = 0; from < all.size(); from += BATCH) {
                bar.show(from, all.size(), "giving back");
                List<UUID> batch = all.subList(from, Math.min(from + BATCH, all.size()));
                UndeleteResult part = sidecar.undelete(new UndeleteRequest(false, null, batch, false, toOwner));
                part.kept().forEach(reason -> kept.merge(reason.reason(), reason.instances(), Long::sum));
                back += part.instances();
            }
        }
        return new UndeleteResult(
                back,
                List.of(),
                kept.entrySet().stream()
                        .map(entry -> new Kept(entry.getKey(), entry.getValue()))
                        .toList());
    }
}
