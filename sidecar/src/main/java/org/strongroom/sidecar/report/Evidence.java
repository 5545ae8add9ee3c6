package org.strongroom.sidecar.report;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.settings.Settings;
import org.strongroom.sidecar.audit.Verdict;
import org.strongroom.sidecar.search.EventQuery;

/**
 * What there is to show for each {@link Control}: what is set, what was recorded, and the last event of each kind, which can be proven.
 * It shows, and claims nothing.
 *
 * @param document to read
 * @param cited indices of the events that are named in it
 */
public record Evidence(Document document, SortedSet<Long> cited) {
    private static final List<String> COLUMNS = List.of("what", "found", "last", "event");

    /** Events of one type. */
    private static final class Tally {
        private final Map<AuditOutcome, Long> outcomes = new EnumMap<>(AuditOutcome.class);
        private Instant last;
        private long index;

        private void add(long at, AuditEntry entry) {
            outcomes.merge(entry.event().outcome(), 1L, Long::sum);
            last = entry.happened();
            index = at;
        }

        private String found() {
            List<String> words = new ArrayList<>();
            outcomes.forEach((outcome, count) -> words.add(count + " " + outcome.wire()));
            return String.join(", ", words);
        }
    }

    private static String whole(Verdict verdict, long first) {
        return first == 0
                ? "yes, all " + verdict.size() + " events"
                : "yes, from event " + first + " on, " + (verdict.size() - first)
                        + " events; those before are not kept any more, and nobody can look at them here";
    }

    /**
     * The evidence of some time.
     *
     * @param verdict of the whole log
     * @param others tiers and witnesses that it was held against, and how many of its first events each vouches for
     * @param today for dates of agreements
     */
    public static Evidence of(
            Source source, Settings settings, Verdict verdict, Map<String, Long> others, LocalDate today)
            throws IOException {
        Map<AuditType, Tally> tallies = new EnumMap<>(AuditType.class);
        long unreadable = source.each(EventQuery.ALL, (index, entry) -> tallies.computeIfAbsent(
                        entry.event().type(), type -> new Tally())
                .add(index, entry));
        Installation installation = new Installation(settings, today);
        SortedSet<Long> cited = new TreeSet<>();
        List<Document.Section> sections = new ArrayList<>();
        for (Control control : Control.ALL) {
            List<List<String>> rows = new ArrayList<>();
            installation.about(control).forEach((what, value) -> rows.add(List.of(what, value, "as set now", "")));
            for (AuditType type : new TreeSet<>(control.events())) {
                Tally tally = tallies.get(type);
                rows.add(
                        tally == null
                                ? List.of(type.wire(), "none", "", "")
                                : List.of(
                                        type.wire(),
                                        tally.found(),
                                        source.time(tally.last),
                                        Long.toString(tally.index)));
                if (tally != null) {
                    cited.add(tally.index);
                }
            }
            sections.add(new Document.Section(
                    control.name(), control.citation() + "  " + control.title(), "", COLUMNS, rows));
        }
        sections.add(source.holes());
        Map<String, String> facts = source.facts(Map.of());
        facts.put("theLogIsWhole", verdict.ok() ? whole(verdict, source.events().first()) : "NO: " + verdict.reason());
        facts.put(
                "heldAgainst",
                others.isEmpty()
                        ? "nothing but the key beside it: whoever has this machine could have written another log"
                        : others.entrySet().stream()
                                .map(one -> one.getKey() + " (the first " + one.getValue() + " events)")
                                .collect(Collectors.joining(", ")));
        facts.put("eventsThatCannotBeRead", Long.toString(unreadable));
        facts.put(
                "howToRead",
                "Settings are those of now. Each kind of event is counted with its outcome; the number is that of the"
                        + " last one. The folder proof has those events, as far as the log proves them, and the verifier"
                        + " key: unlike this page they name users and addresses. What a rule means for this clinic, and"
                        + " whether this is enough, is for people to say.");
        return new Evidence(new Document("evidence", "Evidence, control by control", facts, sections), cited);
    }
}
