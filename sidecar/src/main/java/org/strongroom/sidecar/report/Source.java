package org.strongroom.sidecar.report;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.search.EventQuery;
import org.strongroom.sidecar.search.EventSearch;

/**
 * What a report is made of. For one thread.
 *
 * @param from then or later; empty: from the log's first event on
 * @param until before then
 * @param zone in which people there read times
 */
public record Source(EventSearch events, Optional<Instant> from, Instant until, ZoneId zone) {
    private static final Set<AuditType> HOLES =
            Set.of(AuditType.RECORDING_STOP, AuditType.RECORDING_START, AuditType.RECORDING_GAP);

    /** Tells of every event of the time that matches; what this version cannot read is counted. */
    long each(EventQuery query, BiConsumer<Long, AuditEntry> each) throws IOException {
        return until(Optional.of(until), query, each);
    }

    private long until(Optional<Instant> end, EventQuery query, BiConsumer<Long, AuditEntry> each) throws IOException {
        long[] unreadable = new long[1];
        events.run(query.between(from, end), new EventSearch.Hits() {
            @Override
            public boolean found(LogEntry stored, AuditEntry entry) {
                each.accept(stored.index(), entry);
                return true;
            }

            @Override
            public void unreadable(long index) {
                unreadable[0]++;
            }
        });
        return unreadable[0];
    }

    /** Facts that every report begins with. */
    Map<String, String> facts(Map<String, String> first) {
        Map<String, String> facts = new LinkedHashMap<>(first);
        facts.put("from", from.map(this::time).orElse("the log's first event"));
        facts.put("until", time(until));
        facts.put("zone", zone.getId());
        facts.put("eventsInTheLog", Long.toString(events.size()));
        if (events.first() > 0) {
            facts.put("keptFromEvent", Long.toString(events.first()));
        }
        return facts;
    }

    /**
     * When nothing, or not all, was recorded: what a report says of that time may be too little. That the disk takes no event can be
     * recorded only when it does again, which may be after this time.
     */
    Document.Section holes() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        long unreadable = until(Optional.empty(), EventQuery.ALL.of(HOLES), (index, entry) -> {
            if (entry.said("since").isBefore(until)) {
                rows.add(List.of(
                        Long.toString(index),
                        time(entry.said("since")),
                        entry.event().type().wire(),
                        why(entry.event())));
            }
        });
        if (unreadable > 0) {
            rows.add(List.of("", "", unreadable + " events cannot be read", "written by a later version, or damaged"));
        }
        return new Document.Section(
                "holes",
                "Times in which not everything was recorded",
                "What happened then may be missing above. Whether the log is whole says \"strongroom audit verify\".",
                List.of("event", "time", "what", "reason"),
                rows);
    }

    /** Of the end of such a time: what became of the events. */
    private static String why(AuditEvent event) {
        Map<String, String> said = event.details();
        String became = said.containsKey("lost")
                ? said.get("recordedLater") + " recorded later, " + said.get("lost") + " lost"
                : "";
        return event.reason().orElse(became);
    }

    /** As people there read it. */
    String time(Instant time) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                time.truncatedTo(ChronoUnit.SECONDS).atZone(zone).toOffsetDateTime());
    }

    /** Who did it, and from where. */
    static String who(AuditEvent event) {
        StringBuilder who = new StringBuilder(event.principal().orElse("nobody known"));
        event.aet().ifPresent(title -> who.append(", AET ").append(title));
        event.address().ifPresent(address -> who.append(", from ").append(address));
        return who.toString();
    }
}
