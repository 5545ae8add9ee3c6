package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.sidecar.audit.LogVerification;
import org.strongroom.sidecar.audit.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "verify",
        description = "Check every event of the log, and tell the first that was altered, removed, inserted or moved.")
final class AuditVerifyCommand implements Callable<Integer> {
    @ParentCommand
    private AuditCommand audit;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The verifier key, from where nobody could change it. Default: key.pub beside the log")
    private Path key;

    @Option(
            names = "--seen",
            paramLabel = "FILE|DIR",
            description =
                    "A checkpoint, or a copy of the log, from earlier or elsewhere: the log must still contain it.")
    private List<Path> seen = List.of();

    @Override
    public Integer call() throws IOException {
        Session session = audit.session();
        Path log = AuditCommand.log(session);
        Verdict verdict = LogVerification.of(log, Optional.ofNullable(key).orElse(log.resolve("key.pub")), seen);
        session.console().object(verdict);
        session.console().line(verdict.ok() ? "ok, " + Amounts.count(verdict.size(), "event") : bad(verdict));
        return verdict.ok() ? Console.DONE : Console.NOT_DONE;
    }

    private static String bad(Verdict verdict) {
        return "BAD: " + verdict.reason()
                + (verdict.firstBad() == null ? "" : "; the first wrong one is number " + verdict.firstBad())
                + " of " + Amounts.count(verdict.size(), "event");
    }
}
