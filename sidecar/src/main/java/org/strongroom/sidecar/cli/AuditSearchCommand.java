package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Moment;
import org.strongroom.core.cli.Session;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.search.EventQuery;
import org.strongroom.sidecar.search.EventSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Option(names = "--since", paramLabel = "TIME", description = "From then on: " + AuditCommand.TIME)
    private Moment since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before then; of a day, before it is over.")
    private Moment until;

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

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, the oldest.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--unindexed",
            description = "Read every event, not only those that the index names: the log is signed, the index is not.")
    private boolean unindexed;

    @Mixin
    private AuditSubject subject;

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
        TimeSpan span = TimeSpan.of(since, until, ZoneId.systemDefault(), audit.now());
        if (since != null || until != null) {
            session.console().note("Events " + span);
        }
        boolean[] all = {true};
        long[] left = {limit};
        EventSearch search = audit.search(session, unindexed);
        Set<String> keys = search.withFormer(subject.keys()).keySet();
        audit.tellRead(session, "audit search", keys);
        if (keys.isEmpty() && subject.isGiven()) {
            session.console().note(AuditSubject.NOTHING + ": so no event is found. " + AuditSubject.CURE);
            return Console.DONE;
        }
        search.run(query(keys, span), new EventSearch.Hits() {
            @Override
            public boolean found(LogEntry stored, AuditEntry entry) {
                session.console().object(EventText.json(stored));
                session.console().line(EventText.of(stored.index(), entry));
                return --left[0] > 0;
            }

            @Override
            public void unreadable(long index) {
                all[0] = false;
                session.console().note("event " + index + " cannot be read: run \"strongroom audit verify\"");
            }
        });
        return all[0] ? Console.DONE : Console.NOT_DONE;
    }

    private EventQuery query(Set<String> keys, TimeSpan span) {
        return new EventQuery(
                set(user), set(tenant), set(type), set(outcome), keys, true, span.from(), span.until(), details);
    }

    private static <T> Set<T> set(T value) {
        return value == null ? Set.of() : Set.of(value);
    }
}
