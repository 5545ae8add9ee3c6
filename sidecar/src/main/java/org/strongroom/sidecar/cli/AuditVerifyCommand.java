package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.audit.AnchorVerification;
import org.strongroom.sidecar.audit.Cosignatures;
import org.strongroom.sidecar.audit.LogReader;
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

    @Option(
            names = "--from",
            paramLabel = "TIER",
            description =
                    "Against the copy in this tier as well, all of which is read; may be given again. Without a log"
                            + " here the copy alone.")
    private List<String> from = List.of();

    @Option(
            names = "--former",
            paramLabel = "FILE",
            description =
                    "The verifier key of an earlier log that a tier holds, and that ended with everybody's knowledge;"
                            + " may be given again.")
    private List<Path> former = List.of();

    @Option(
            names = "--witness",
            paramLabel = "KEY",
            description = "Verifier key of a witness that must have signed this log; may be given again. Those of the"
                    + " settings must have anyway, but for a copy.")
    private List<String> named = List.of();

    @Option(
            names = "--ask",
            description =
                    "Ask each witness of the settings what it signed last, instead of only reading what is kept here.")
    private boolean ask;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Session session = audit.session();
        HeldAgainst against = HeldAgainst.settings(audit, ask);
        for (String witness : named) {
            against.add(witness);
        }
        audit.tellRead(session, "audit verify", List.of());
        AnchorVerification.Outcome outcome = against.verify(Optional.ofNullable(key), seen, from, former);
        Verdict verdict = outcome.verdict();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ok", verdict.ok());
        json.put("size", verdict.size());
        json.put("firstBad", verdict.firstBad());
        json.put("reason", verdict.reason());
        if (!outcome.anchored().isEmpty()) {
            json.put("anchored", outcome.anchored());
        }
        if (!against.witnesses().isEmpty()) {
            json.put("witnesses", against.witnesses());
        }
        long kept = kept(session);
        if (kept > 0) {
            json.put("since", kept);
        }
        session.console().object(json);
        session.console().line(verdict.ok() ? "ok, " + Amounts.count(verdict.size(), "event") : bad(verdict));
        if (kept > 0) {
            session.console()
                    .line("The log is kept from event " + kept + " on; what was before nobody can look at here");
        }
        outcome.anchored().forEach((tier, events) -> session.console().line(reach(tier, events, verdict.size())));
        against.witnesses().forEach((name, seen) -> session.console().line(signed(name, seen, verdict.size())));
        return verdict.ok() ? Console.DONE : Console.NOT_DONE;
    }

    /** What is damaged there is in the verdict. */
    private long kept(Session session) throws IOException {
        try {
            return new LogReader(audit.log(session)).first();
        } catch (StrongroomException e) {
            return 0;
        }
    }

    private String signed(String name, Cosignatures.Seen seen, long size) {
        return seen == null
                ? "Witness " + name + " has signed nothing that is here"
                : "Witness " + name + " signed the first " + Amounts.count(seen.events(), "event") + ", "
                        + Amounts.time(Duration.between(seen.time(), audit.now())) + " ago"
                        + (seen.events() < size ? "; for those behind that only this machine vouches" : "");
    }

    private static String reach(String tier, long events, long size) {
        return "Tier " + tier + " holds the first " + Amounts.count(events, "event")
                + (events < size ? "; for those behind that only this machine vouches" : "");
    }

    private static String bad(Verdict verdict) {
        return "BAD: " + verdict.reason()
                + (verdict.firstBad() == null ? "" : "; the first wrong one is number " + verdict.firstBad())
                + (verdict.size() == 0 ? "" : " of " + Amounts.count(verdict.size(), "event"));
    }
}
