package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.sidecar.audit.AnchorCopy;
import org.strongroom.sidecar.tier.OpenedTier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "fetch",
        description =
                "Take the audit logs that a tier holds into a folder: one folder for each key that ever signed one. Read them with --log.")
final class AuditFetchCommand implements Callable<Integer> {
    @ParentCommand
    private AuditCommand audit;

    @Option(names = "--from", paramLabel = "TIER", required = true, description = "The tier.")
    private String from;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "An empty folder, or a new one.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        Session session = audit.session();
        List<Path> written;
        try (OpenedTier tier = audit.open(session, from)) {
            written = AnchorCopy.write(tier.tier(), folder);
        }
        session.console()
                .object(Map.of("logs", written.stream().map(Path::toString).toList()));
        written.forEach(log -> session.console().line(log.toString()));
        return Console.DONE;
    }
}
