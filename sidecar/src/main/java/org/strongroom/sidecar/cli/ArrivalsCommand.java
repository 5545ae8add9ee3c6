package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.search.EventQuery;
import org.strongroom.sidecar.search.EventSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Half of {@code tenant}: who has sent what. The other half knows whose keys these are, and does not read the log. */
@Command(
        name = "arrivals",
        hidden = true,
        description =
                "Who has sent what each key seals, as the log says: one line each, the key's id and the title or user.")
final class ArrivalsCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Override
    public Integer call() throws IOException {
        Session session = main.session();
        Map<String, Set<String>> byKey = new HashMap<>();
        try {
            EventQuery query = EventQuery.ALL.of(Set.of(AuditType.ARRIVAL));
            EventSearch.indexed(session.home().audit()).run(query, new EventSearch.Hits() {
                @Override
                public boolean found(LogEntry stored, AuditEntry entry) {
                    AuditEvent event = entry.event();
                    String key = event.details().getOrDefault("key", "");
                    String sender = event.aet().or(event::principal).orElse("");
                    if (!key.isEmpty() && !sender.isEmpty()) {
                        byKey.computeIfAbsent(key, unseen -> new TreeSet<>()).add(sender);
                    }
                    return true;
                }

                @Override
                public void unreadable(long index) {
                    // audit verify tells of it; a sender more or less is no proof of anything
                }
            });
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
        byKey.forEach((key, senders) ->
                senders.forEach(sender -> session.console().out().println(key + " " + sender)));
        session.console().out().flush();
        return Console.DONE;
    }
}
