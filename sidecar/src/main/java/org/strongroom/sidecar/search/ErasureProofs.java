package org.strongroom.sidecar.search;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.sidecar.audit.InclusionProof;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.audit.LogReader;

/** Finds in the log what an erasure left there, and proves it. For one thread. */
public final class ErasureProofs {
    private static final String ERASURE = "erasure";
    private static final String STEP = "step";
    private static final String STATEMENT = "sha256";
    private static final String CERTIFICATE = "certificate";

    private final EventSearch search;
    private final LogReader log;

    /**
     * In the log as it is signed now.
     *
     * @param folder {@code HOME/audit}
     */
    public ErasureProofs(Path folder) throws IOException {
        search = EventSearch.indexed(folder);
        log = new LogReader(folder);
    }

    /**
     * The event that nothing is left of what was erased.
     *
     * @param statement SHA-256 of what the certificate says, in hexadecimal digits
     * @param keys how many it is about
     */
    public static AuditEvent certificate(UUID erasure, String statement, int keys, String account) {
        return AuditEvent.of(AuditType.RETENTION)
                .by(AuditEvent.COMMAND_LINE)
                .with(ERASURE, erasure)
                .with(STEP, CERTIFICATE)
                .with(STATEMENT, statement)
                .with("keys", keys)
                .with("account", account);
    }

    /** Whether the log has the event of this certificate. */
    public boolean isCertified(UUID erasure, String statement) throws IOException {
        boolean[] found = new boolean[1];
        run(about(erasure), (at, entry) -> found[0] |= isOf(entry.event(), statement));
        return found[0];
    }

    /** Who ordered it and agreed, and the first event of this certificate. */
    public List<ProvedEvent> steps(UUID erasure, String statement) throws IOException {
        List<Long> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        run(about(erasure), (at, entry) -> {
            AuditEvent event = entry.event();
            String step = event.details().getOrDefault(STEP, "");
            boolean counts = step.equals("order") || step.equals("approve") || isOf(event, statement);
            if (counts && seen.add(step)) {
                found.add(at);
            }
        });
        return proved(found);
    }

    /** That these keys were destroyed, once for each that the log says it of. */
    public List<ProvedEvent> destroyed(UUID erasure, List<UUID> keys) throws IOException {
        if (keys.isEmpty()) {
            return List.of();
        }
        Map<String, Long> found = new HashMap<>();
        EventQuery query = EventQuery.ALL
                .of(Set.of(AuditType.KEY))
                .about(keys.stream().map(UUID::toString).collect(Collectors.toSet()))
                .with(ERASURE, erasure.toString());
        run(query, (at, entry) -> {
            Map<String, String> details = entry.event().details();
            if ("true".equals(details.get("destroyed"))) {
                found.putIfAbsent(details.get(Terms.KEY), at);
            }
        });
        return proved(found.values().stream().sorted().toList());
    }

    private static EventQuery about(UUID erasure) {
        return EventQuery.ALL.of(Set.of(AuditType.RETENTION)).with(ERASURE, erasure.toString());
    }

    private static boolean isOf(AuditEvent event, String statement) {
        return CERTIFICATE.equals(event.details().get(STEP))
                && statement.equals(event.details().get(STATEMENT));
    }

    private List<ProvedEvent> proved(List<Long> places) throws IOException {
        List<ProvedEvent> events = new ArrayList<>();
        for (long place : places) {
            InclusionProof proof = log.prove(place);
            events.add(new ProvedEvent(proof.index(), proof.entry(), proof.text()));
        }
        return events;
    }

    @FunctionalInterface
    private interface Found {
        void at(long index, AuditEntry entry);
    }

    private void run(EventQuery query, Found each) throws IOException {
        search.run(query, new EventSearch.Hits() {
            @Override
            public boolean found(LogEntry stored, AuditEntry entry) {
                each.at(stored.index(), entry);
                return true;
            }

            @Override
            public void unreadable(long index) {
                // one that this version cannot read proves nothing to it
            }
        });
    }
}
