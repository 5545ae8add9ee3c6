package org.strongroom.sidecar.cli;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.UndeleteRequest;
import org.strongroom.core.control.UndeleteResult;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "undelete",
        description =
                "Give images back to Orthanc that it forgot less than Forget.Grace ago. Orthanc must run; it takes them in"
                        + " after this command has ended.")
final class UndeleteCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @ArgGroup(multiplicity = "1")
    private Which which;

    @Option(names = "--dry-run", description = "Only tell what would come back.")
    private boolean dryRun;

    private static final class Which {
        @Option(names = "--all", description = "Everything.")
        private boolean all;

        @Option(names = "--attachment", paramLabel = "UUID", description = "These, by Orthanc's attachment uuid.")
        private List<UUID> attachments = List.of();
    }

    @Override
    public Integer call() {
        Session session = main.session();
        UndeleteResult result = session.sidecar().undelete(new UndeleteRequest(which.all, which.attachments, dryRun));
        session.console().object(result);
        session.console()
                .line(Amounts.count(result.instances(), "instance")
                        + (dryRun ? " would come back" : " handed to Orthanc's plugin"));
        KeptText.of(result.kept()).forEach(session.console()::line);
        return result.kept().stream().allMatch(kept -> kept.instances() == 0) ? Console.DONE : Console.NOT_DONE;
    }
}
