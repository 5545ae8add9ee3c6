package org.strongroom.sidecar.report;

import java.io.IOException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.sidecar.search.EventQuery;

/** A review of what was done in some days: sums, and what a person should look at. For one report. */
public final class Week {
    /** Studies in an hour that are more than somebody reads. */
    static final int MASS = 50;
    /** Refusals of one account, AET or address that are more than typing errors. */
    static final int MANY_REFUSALS = 10;

    static final int NIGHT_BEGINS = 22;
    static final int NIGHT_ENDS = 6;
    private static final Set<AuditType> TOUCHING = Set.of(
            AuditType.VIEW,
            AuditType.EXPORT,
            AuditType.ARCHIVE,
            AuditType.TRANSFER_BEGIN,
            AuditType.MODIFY,
            AuditType.ANONYMISE,
            AuditType.DELETE);
    private static final Set<AuditType> TURNED_AWAY = Set.of(AuditType.DENIAL, AuditType.LOGIN_FAILED);
    /** What a station, a sender or a link is turned away from has its own type. */
    private static final Set<AuditType> ASKED = Set.of(
            AuditType.ARRIVAL, AuditType.QUERY, AuditType.TRANSFER_BEGIN, AuditType.TRANSFER, AuditType.SHARE_USE);

    private static final Set<AuditType> RARE = Set.of(
            AuditType.ALERT,
            AuditType.BREAK_GLASS_START,
            AuditType.BREAK_GLASS_REVIEW,
            AuditType.LOCK_OUT,
            AuditType.LOG_PRUNE,
            AuditType.SETTINGS,
            AuditType.USERS,
            AuditType.KEY,
            AuditType.TIER,
            AuditType.HOLD,
            AuditType.ASSIGNMENT,
            AuditType.RETENTION,
            AuditType.EXPORT);
    /** What is done to tiers day by day: packs go to other classes as the settings say, tomorrow's patients are fetched. */
    private static final Set<String> DAILY = Set.of("class", "prefetch", "prefetch stop", "urgent", "urgent no more");

    private static final Set<String> NO_PERSONS = Set.of(AuditEvent.STRONGROOM, AuditEvent.ORTHANC, AuditEvent.NOBODY);

    private final Source source;
    private final Map<String, Map<AuditOutcome, Long>> types = new TreeMap<>();
    private final Map<String, Hour> hours = new HashMap<>();
    private final List<List<String>> mass = new ArrayList<>();
    private final Map<String, Seen> nights = new TreeMap<>();
    private final Map<String, Seen> refusals = new TreeMap<>();
    private final Transfers transfers = new Transfers();
    private final List<List<String>> rare = new ArrayList<>();

    private Week(Source source) {
        this.source = source;
    }

    /** Studies that an account touched in the hour that goes on. */
    private record Hour(ZonedDateTime begin, Set<String> studies) {}

    /** How often, and when. */
    private static final class Seen {
        private long count;
        private Instant first;
        private Instant last;

        private void add(Instant time) {
            first = first == null ? time : first;
            last = time;
            count++;
        }

        private List<String> row(Source source, String who) {
            return List.of(who, Long.toString(count), source.time(first), source.time(last));
        }
    }

    public static Document of(Source source) throws IOException {
        Week week = new Week(source);
        source.each(EventQuery.ALL, week::add);
        List.copyOf(week.hours.keySet()).forEach(week::endHour);
        return week.document();
    }

    private void add(long index, AuditEntry entry) {
        AuditEvent event = entry.event();
        AuditType type = event.type();
        types.computeIfAbsent(type.wire(), any -> new EnumMap<>(AuditOutcome.class))
                .merge(event.outcome(), 1L, Long::sum);
        boolean touchesNothing = event.outcome() == AuditOutcome.REFUSED
                || (type == AuditType.VIEW && event.outcome() == AuditOutcome.FAILURE);
        if (TOUCHING.contains(type)
                && !touchesNothing
                && !event.details().getOrDefault("phase", "").equals("end")) {
            touched(entry);
        }
        if (TURNED_AWAY.contains(type) || (event.outcome() == AuditOutcome.REFUSED && ASKED.contains(type))) {
            turnedAway(event, entry.happened());
        }
        if (event.outcome() == AuditOutcome.SUCCESS) {
            transferred(index, entry);
        }
        if (RARE.contains(type) && !isDaily(event)) {
            rare.add(List.of(
                    Long.toString(index),
                    source.time(entry.happened()),
                    type.wire() + " " + event.outcome().wire(),
                    Source.who(event),
                    event.reason().orElse("")));
        }
    }

    private static boolean isDaily(AuditEvent event) {
        return event.type() == AuditType.TIER && DAILY.contains(event.details().getOrDefault("order", ""));
    }

    /** Who tries many accounts does it from one address, and who tries many addresses with one account. */
    private void turnedAway(AuditEvent event, Instant time) {
        List<String> names = new ArrayList<>();
        event.principal()
                .filter(account -> !NO_PERSONS.contains(account) && !event.aet().equals(Optional.of(account)))
                .ifPresent(account -> names.add("account " + account));
        event.aet().ifPresent(title -> names.add("AET " + title));
        event.address().ifPresent(address -> names.add("address " + address));
        if (names.isEmpty()) {
            names.add("nobody known");
        }
        names.forEach(name -> refusals.computeIfAbsent(name, any -> new Seen()).add(time));
    }

    private void touched(AuditEntry entry) {
        AuditEvent event = entry.event();
        if (event.principal().isEmpty() || NO_PERSONS.contains(event.principal().get())) {
            return;
        }
        String who = event.principal().get();
        ZonedDateTime time = entry.happened().atZone(source.zone());
        if (time.getHour() >= NIGHT_BEGINS || time.getHour() < NIGHT_ENDS) {
            nights.computeIfAbsent(who, any -> new Seen()).add(entry.happened());
        }
        ZonedDateTime begin = time.withMinute(0).withSecond(0).withNano(0);
        Hour hour = hours.get(who);
        if (hour == null || !hour.begin().equals(begin)) {
            endHour(who);
            hour = new Hour(begin, new HashSet<>());
            hours.put(who, hour);
        }
        if (event.details().containsKey("key")) {
            hour.studies().add(event.details().get("key"));
        }
    }

    private void endHour(String who) {
        Hour hour = hours.remove(who);
        if (hour != null && hour.studies().size() > MASS) {
            mass.add(List.of(
                    who,
                    source.time(hour.begin().toInstant()),
                    Integer.toString(hour.studies().size())));
        }
    }

    private void transferred(long index, AuditEntry entry) {
        if (entry.event().type() == AuditType.TRANSFER_BEGIN) {
            transfers.begin(entry.event(), List.of(Long.toString(index), source.time(entry.happened())));
        } else if (entry.event().type() == AuditType.TRANSFER) {
            transfers.end(entry.event());
        }
    }

    private Document document() throws IOException {
        List<List<String>> sums = new ArrayList<>();
        long all = 0;
        for (Map.Entry<String, Map<AuditOutcome, Long>> type : types.entrySet()) {
            List<String> row = new ArrayList<>(List.of(type.getKey()));
            for (AuditOutcome outcome : AuditOutcome.values()) {
                long count = type.getValue().getOrDefault(outcome, 0L);
                row.add(Long.toString(count));
                all += count;
            }
            sums.add(row);
        }
        Map<String, String> facts = source.facts(Map.of());
        facts.put("events", Long.toString(all));
        return new Document("week", "Review of activity", facts, sections(sums));
    }

    private List<Document.Section> sections(List<List<String>> sums) throws IOException {
        List<List<String>> many = new ArrayList<>();
        refusals.forEach((who, seen) -> {
            if (seen.count >= MANY_REFUSALS) {
                many.add(seen.row(source, who));
            }
        });
        List<List<String>> odd = new ArrayList<>();
        nights.forEach((who, seen) -> odd.add(seen.row(source, who)));
        return List.of(
                new Document.Section(
                        "massAccess",
                        "Mass access",
                        "More than " + MASS
                                + " different studies within one hour of the clock: more than somebody reads.",
                        List.of("who", "hour", "studies"),
                        mass),
                new Document.Section(
                        "oddHours",
                        "At odd hours",
                        "Who touched images between " + NIGHT_BEGINS + ":00 and " + NIGHT_ENDS
                                + ":00. Compare it with who was on duty.",
                        List.of("who", "times", "first", "last"),
                        odd),
                new Document.Section(
                        "refusals",
                        "Refused again and again",
                        "At least " + MANY_REFUSALS
                                + " denials, failed logins and refused questions or images of one account, AET or"
                                + " address: somebody tries what they may not, or a program is set up wrong.",
                        List.of("who", "times", "first", "last"),
                        many),
                new Document.Section(
                        "unfinishedTransfers",
                        "Transfers that began and did not end",
                        "Nothing says that what was sent has arrived. What was ordered by HTTP ends with Orthanc's"
                                + " job; where nobody knows who has started that, the oldest request to the same receiver"
                                + " counts as its begin. What goes straight from a request has no job and no end.",
                        List.of("event", "time", "who", "to", "key"),
                        transfers.rows()),
                new Document.Section(
                        "rare",
                        "What happens seldom",
                        "Alerts, break-glass, lock-outs, and changes to settings, users, keys, tiers, holds and"
                                + " retention; exports. Not that packs go to other storage classes by their age.",
                        List.of("event", "time", "what", "who", "reason"),
                        rare),
                new Document.Section("sums", "All events", "", List.of("type", "success", "refused", "failure"), sums),
                source.holes());
    }
}
