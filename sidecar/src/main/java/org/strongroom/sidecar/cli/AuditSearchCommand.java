package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.audit.LogReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "search",
        description = "Events of the log, the oldest first. With --json one object per line: the entry, and its index.")
final class AuditSearchCommand implements Callable<Integer> {
    @ParentCommand
    private AuditCommand audit;

    @Option(names = "--user", paramLabel = "NAME", description = "Done by this account, machine or part.")
    private String user;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Of this tenant.")
    private String tenant;

    @Option(names = "--since", paramLabel = "TIME", description = "From then on, for example 2026-11-26T08:00:00Z.")
    private Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before then.")
    private Instant until;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = Types.class,
            description = "Of this type, for example delete.")
    private AuditType type;

    @Option(
            names = "--outcome",
            paramLabel = "OUTCOME",
            converter = Outcomes.class,
            description = "That ended so: success, refused or failure.")
    private AuditOutcome outcome;

    @Option(
            names = "--detail",
            paramLabel = "NAME=VALUE",
            description = "With this detail, for example attachment=UUID; may be given again.")
    private Map<String, String> details = Map.of();

    /** As it stands in an entry. */
    static final class Types implements picocli.CommandLine.ITypeConverter<AuditType> {
        @Override
        public AuditType convert(String text) {
            try {
                return AuditType.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** As it stands in an entry. */
    static final class Outcomes implements picocli.CommandLine.ITypeConverter<AuditOutcome> {
        @Override
        public AuditOutcome convert(String text) {
            try {
                return AuditOutcome.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        Session session = audit.session();
        LogReader reader = new LogReader(audit.log(session));
        boolean all = true;
        long size = reader.size();
        for (long next = 0; next < size; ) {
            for (LogEntry entry : reader.from(next)) {
                next = entry.index() + 1;
                all &= show(session.console(), entry);
            }
        }
        return all ? Console.DONE : Console.NOT_DONE;
    }

    /** False if it cannot be read. */
    private boolean show(Console console, LogEntry stored) {
        AuditEntry entry;
        try {
            entry = stored.entry();
        } catch (StrongroomException e) {
            console.note("event " + stored.index() + " cannot be read: run \"strongroom audit verify\"");
            return false;
        }
        if (matches(entry)) {
            console.object(EventText.json(stored));
            console.line(EventText.of(stored.index(), entry));
        }
        return true;
    }

    private boolean matches(AuditEntry entry) {
        AuditEvent event = entry.event();
        return (user == null || event.principal().filter(user::equals).isPresent())
                && (tenant == null || event.tenant().filter(tenant::equals).isPresent())
                && (since == null || !entry.time().isBefore(since))
                && (until == null || entry.time().isBefore(until))
                && (type == null || event.type() == type)
                && (outcome == null || event.outcome() == outcome)
                && event.details().entrySet().containsAll(details.entrySet());
    }
}
