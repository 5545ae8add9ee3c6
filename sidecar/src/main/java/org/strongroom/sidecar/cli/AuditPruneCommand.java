package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.sidecar.audit.Pruner;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "prune",
        description =
                "Which events are old enough to go (Audit.Keep). Shows only: the sidecar takes them away, once a day.")
final class AuditPruneCommand implements Callable<Integer> {
    @ParentCommand
    private AuditCommand audit;

    @Override
    public Integer call() throws IOException {
        Session session = audit.session();
        Optional<Duration> keep = session.configuration().settings().audit().keep();
        if (keep.isEmpty()) {
            session.console().object(Map.of("keep", "for ever"));
            session.console().line("Events are kept for ever: Audit.Keep is not set");
            return Console.DONE;
        }
        Pruner.Plan plan =
                new Pruner(audit.log(session), keep.get(), key -> false).plan(audit.now(), () -> Long.MAX_VALUE);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", plan.from());
        json.put("to", plan.to());
        json.put("size", plan.size());
        session.console().object(json);
        if (plan.from() > 0) {
            session.console().line("The log is kept from event " + plan.from() + " on");
        }
        session.console()
                .line(
                        plan.isNothing()
                                ? "Nothing is due: " + plan.why()
                                : Amounts.count(plan.to() - plan.from(), "event") + " of "
                                        + Amounts.count(plan.size() - plan.from(), "event")
                                        + " are old enough to go within a day, as far as no hold, tier, witness or"
                                        + " receiver needs them"
                                        + (plan.isCut() ? "; " + plan.why() : ""));
        return Console.DONE;
    }
}
