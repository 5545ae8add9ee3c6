package org.strongroom.sidecar.report;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.sidecar.search.EventQuery;

/** To whom a patient's images went, and who looked at them here. Stateless. */
public final class Disclosures {
    private static final Set<AuditType> LEAVING = Set.of(
            AuditType.EXPORT,
            AuditType.ARCHIVE,
            AuditType.TRANSFER_BEGIN,
            AuditType.TRANSFER,
            AuditType.SHARE_CREATE,
            AuditType.SHARE_USE);
    /** Details that name another system. */
    private static final List<String> RECIPIENTS = List.of("to", "modality", "peer", "server", "account", "share");

    /** What stands for the key of a study where none is known. */
    private static final Set<String> NOBODYS = Set.of("", "unknown", "unsealed");

    private Disclosures() {}

    /** One viewing session, begin and end. */
    private static final class Session {
        private final AuditEvent event;
        private final Instant first;
        private Instant last;
        private String instances = "";

        private Session(AuditEntry entry) {
            event = entry.event();
            first = began(entry);
            last = entry.happened();
        }

        /** Also of a session that began before the time of the report: its end tells when. */
        private static Instant began(AuditEntry entry) {
            return entry.event().details().containsKey("first") ? entry.said("first") : entry.happened();
        }

        private void add(AuditEntry entry) {
            Map<String, String> details = entry.event().details();
            last = details.containsKey("last") ? entry.said("last") : entry.happened();
            instances = details.getOrDefault("instances", instances);
        }
    }

    /**
     * The report.
     *
     * @param subject whom it is about, as it was typed
     * @param named ids of their keys, at least one, with the StudyInstanceUID where it is known
     */
    public static Document of(Source source, String subject, Map<String, String> named) throws IOException {
        Map<String, String> studies = source.events().withFormer(named);
        Map<Long, List<String>> left = new TreeMap<>();
        Map<String, Session> sessions = new LinkedHashMap<>();
        source.each(EventQuery.ALL.about(studies.keySet()), (index, entry) -> {
            AuditEvent event = entry.event();
            if (LEAVING.contains(event.type()) && event.outcome() != AuditOutcome.REFUSED) {
                left.put(index, disclosure(source, index, entry, name(studies, event)));
            } else if (event.type() == AuditType.VIEW && event.outcome() == AuditOutcome.SUCCESS) {
                String session = event.details().getOrDefault("session", "event " + index);
                sessions.computeIfAbsent(session, any -> new Session(entry)).add(entry);
            }
        });
        source.each(
                EventQuery.ALL.of(Set.of(AuditType.EXPORT)).with("what", "all"),
                (index, entry) -> left.put(index, disclosure(source, index, entry, "everything")));
        Map<Long, List<String>> unnamed = new TreeMap<>();
        source.each(EventQuery.ALL.of(LEAVING), (index, entry) -> {
            if (mayBeAnybodys(entry.event())) {
                unnamed.put(index, disclosure(source, index, entry, "not known"));
            }
        });
        long[] unknown = new long[1];
        source.each(EventQuery.ALL.about(Set.of("unknown")), (index, entry) -> unknown[0]++);
        long[] unsealed = new long[1];
        source.each(EventQuery.ALL.about(Set.of("unsealed")), (index, entry) -> unsealed[0]++);
        Map<String, String> facts = source.facts(Map.of("subject", subject));
        facts.put("studies", Integer.toString(named.size()));
        facts.put("eventsAboutAStudyThatIsNotKnown", Long.toString(unknown[0]));
        facts.put("eventsAboutAStudyThatIsNotSealed", Long.toString(unsealed[0]));
        return new Document(
                "disclosures",
                "Accounting of disclosures",
                facts,
                List.of(
                        new Document.Section(
                                "disclosures",
                                "Images that left",
                                "Archives, exports, transfers and share links. The log knows no purposes: fill them in."
                                        + " Transfers that are not here may be among the views by \"orthanc\"."
                                        + " Events about a study that is not known, or not sealed, may be about these"
                                        + " too: audit search --detail key=unknown, or key=unsealed, shows them.",
                                List.of("event", "time", "what", "to", "study", "outcome", "purpose"),
                                List.copyOf(left.values())),
                        new Document.Section(
                                "unnamed",
                                "Images that left, of whom is not known",
                                "These name no patient, or a study that is not known or not sealed: some may be about"
                                        + " this patient too. Whoever asked for them can say.",
                                List.of("event", "time", "what", "to", "study", "outcome", "purpose"),
                                List.copyOf(unnamed.values())),
                        views(source, studies, sessions),
                        source.holes()));
    }

    /** The end of a job is not told once more: its begin says as much. */
    private static boolean mayBeAnybodys(AuditEvent event) {
        Map<String, String> details = event.details();
        boolean everything = "all".equals(details.get("what"));
        boolean ofAJob = "job".equals(details.get("way")) && "end".equals(details.get("phase"));
        return event.outcome() != AuditOutcome.REFUSED
                && !everything
                && !ofAJob
                && NOBODYS.contains(details.getOrDefault("key", ""));
    }

    private static List<String> disclosure(Source source, long index, AuditEntry entry, String study) {
        AuditEvent event = entry.event();
        String phase = event.details().getOrDefault("phase", "");
        String what = event.type().wire() + (phase.isEmpty() ? "" : " " + phase);
        String to = RECIPIENTS.stream()
                .map(recipient -> event.details().get(recipient))
                .flatMap(Stream::ofNullable)
                .findFirst()
                .map(recipient -> recipient + ", by " + Source.who(event))
                .orElseGet(() -> Source.who(event));
        return List.of(
                Long.toString(index),
                source.time(entry.happened()),
                what,
                to,
                study,
                event.outcome().wire(),
                "");
    }

    private static Document.Section views(Source source, Map<String, String> studies, Map<String, Session> sessions) {
        List<List<String>> rows = new ArrayList<>();
        for (Session session : sessions.values()) {
            rows.add(List.of(
                    source.time(session.first),
                    source.time(session.last),
                    Source.who(session.event),
                    session.event.details().getOrDefault("what", ""),
                    session.event.details().getOrDefault("way", ""),
                    session.instances,
                    name(studies, session.event)));
        }
        return new Document.Section(
                "views",
                "Who looked at them here",
                "One line per viewing session. \"orthanc\" is what Orthanc read for no"
                        + " request, and it may have left as well: by the way \"dicom\" for a station that was connected"
                        + " (C-GET), \"job\" for a job of its own, \"storage\" for a script, a plugin or itself.",
                List.of("first", "last", "who", "what", "way", "instances", "study"),
                rows);
    }

    private static String name(Map<String, String> studies, AuditEvent event) {
        String key = event.details().getOrDefault("key", "");
        String uid = studies.getOrDefault(key, "");
        return uid.isEmpty() ? "key " + key : uid;
    }
}
