package org.strongroom.sidecar.report;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.settings.UserSettings;
import org.strongroom.sidecar.search.EventQuery;

/** What an account, a key or a tier could have exposed. Stateless. */
public final class Scope {
    private static final String TITLE = "What could have been exposed";

    private Scope() {}

    /** What was done with one thing. */
    private static final class Contact {
        private final Set<String> ways = new TreeSet<>();
        private Instant first;
        private Instant last;
        private long events;

        private void add(AuditEntry entry, String way) {
            first = first == null || entry.happened().isBefore(first) ? entry.happened() : first;
            last = last == null || entry.happened().isAfter(last) ? entry.happened() : last;
            ways.add(way);
            events++;
        }

        private List<String> row(Source source, String name) {
            return List.of(name, String.join(", ", ways), source.time(first), source.time(last), Long.toString(events));
        }
    }

    private static List<List<String>> rows(Source source, Map<String, Contact> contacts) {
        List<List<String>> rows = new ArrayList<>();
        contacts.forEach((name, contact) -> rows.add(contact.row(source, name)));
        return rows;
    }

    private static String told(AuditEvent event) {
        String type = event.type().wire();
        return event.outcome() == AuditOutcome.SUCCESS
                ? type
                : type + " " + event.outcome().wire();
    }

    private static void add(Map<String, Contact> contacts, String name, AuditEntry entry, String way) {
        contacts.computeIfAbsent(name, any -> new Contact()).add(entry, way);
    }

    /**
     * What an account did, study by study, and how far its rights reach.
     *
     * @param rights of the account, by the settings; empty if they do not know it
     */
    public static Document ofUser(Source source, String user, Optional<UserSettings> rights) throws IOException {
        Map<String, Contact> studies = new TreeMap<>();
        Map<String, Contact> other = new TreeMap<>();
        Map<String, Contact> places = new TreeMap<>();
        Map<String, Contact> refused = new TreeMap<>();
        source.each(EventQuery.ALL.by(user), (index, entry) -> {
            AuditEvent event = entry.event();
            String type = event.type().wire();
            add(places, event.address().orElse("not known"), entry, type);
            if (event.outcome() == AuditOutcome.REFUSED) {
                add(refused, type, entry, event.reason().orElse(""));
            } else if (event.details().containsKey("key")) {
                String what = event.details().getOrDefault("what", "");
                add(
                        studies,
                        event.details().get("key"),
                        entry,
                        what.isEmpty() ? told(event) : told(event) + " " + what);
            } else {
                String what = event.details().getOrDefault("what", ""); // an export of everything
                add(other, told(event), entry, event.details().getOrDefault("route", what));
            }
        });
        Map<String, String> facts = source.facts(Map.of("account", user));
        facts.put("studies", Integer.toString(studies.size()));
        return new Document(
                "scope",
                TITLE + ": account",
                facts,
                List.of(
                        new Document.Section(
                                "studies",
                                "Studies that the account touched",
                                "By the ids of their keys; \"unknown\" and \"unsealed\" stand for any number of"
                                        + " studies. What the account might have touched and did not is below.",
                                List.of("key", "how", "first", "last", "events"),
                                rows(source, studies)),
                        Reach.of(source, rights),
                        new Document.Section(
                                "other",
                                "What it did besides",
                                "A search shows names and dates of whatever matches, of every study that the account"
                                        + " may see.",
                                List.of("what", "how", "first", "last", "events"),
                                rows(source, other)),
                        new Document.Section(
                                "refused",
                                "What was refused",
                                "",
                                List.of("what", "why", "first", "last", "events"),
                                rows(source, refused)),
                        new Document.Section(
                                "addresses",
                                "Where it came from",
                                "",
                                List.of("address", "how", "first", "last", "events"),
                                rows(source, places)),
                        source.holes()));
    }

    /** What a key seals, and who had to do with it. */
    public static Document ofKey(Source source, String key) throws IOException {
        EventQuery about = EventQuery.ALL.about(Set.of(key));
        long[] sealed = new long[2];
        Source always = new Source(source.events(), Optional.empty(), source.until(), source.zone());
        always.each(about.of(Set.of(AuditType.ARRIVAL)), (index, entry) -> {
            boolean again = entry.event().details().containsKey("sealed"); // one more name of what is sealed already
            if (entry.event().outcome() == AuditOutcome.SUCCESS && !again) {
                sealed[0]++;
                sealed[1] += bytes(entry.event());
            }
        });
        Map<String, Contact> people = new TreeMap<>();
        source.each(
                about.orEverything(),
                (index, entry) -> add(people, Source.who(entry.event()), entry, told(entry.event())));
        Map<String, String> facts = source.facts(Map.of("key", key));
        facts.put("filesThatItSealed", Long.toString(sealed[0]));
        facts.put("bytesThatItSealed", Long.toString(sealed[1]));
        return new Document(
                "scope",
                TITLE + ": key",
                facts,
                List.of(
                        new Document.Section(
                                "contacts",
                                "Who had to do with what it seals",
                                "With exports of everything. Who has the key can read all that it sealed until the end of"
                                        + " the time, if they have"
                                        + " the sealed bytes as well. Where those are says \"strongroom status --study"
                                        + " KEY\".",
                                List.of("who", "how", "first", "last", "events"),
                                rows(source, people)),
                        source.holes()));
    }

    private static long bytes(AuditEvent event) {
        String bytes = event.details().getOrDefault("bytes", "");
        return bytes.matches("[0-9]{1,18}") ? Long.parseLong(bytes) : 0;
    }

    /**
     * What a tier holds.
     *
     * @param packs those with a copy in it
     */
    public static Document ofTier(Source source, String tier, List<PackLine> packs) throws IOException {
        Map<String, long[]> studies = new TreeMap<>();
        for (PackLine pack : packs) {
            long[] sums = studies.computeIfAbsent(pack.key().toString(), any -> new long[3]);
            sums[0]++;
            sums[1] += pack.members();
            sums[2] += pack.bytes();
        }
        List<List<String>> held = new ArrayList<>();
        studies.forEach((key, sums) ->
                held.add(List.of(key, Long.toString(sums[0]), Long.toString(sums[1]), Long.toString(sums[2]))));
        List<List<String>> changes = new ArrayList<>();
        long[] toOtherClasses = new long[1];
        source.each(EventQuery.ALL.of(Set.of(AuditType.TIER)).with("tier", tier), (index, entry) -> {
            String order = entry.event().details().getOrDefault("order", "");
            if (order.equals("class")) {
                toOtherClasses[0]++; // one for each pack
                return;
            }
            changes.add(List.of(
                    Long.toString(index),
                    source.time(entry.happened()),
                    order,
                    Source.who(entry.event()),
                    entry.event().outcome().wire()));
        });
        Map<String, String> facts = source.facts(Map.of("tier", tier));
        facts.put("packsToOtherClasses", Long.toString(toOtherClasses[0]));
        facts.put("studies", Integer.toString(studies.size()));
        facts.put("packs", Integer.toString(packs.size()));
        return new Document(
                "scope",
                TITLE + ": tier",
                facts,
                List.of(
                        new Document.Section(
                                "studies",
                                "What the tier holds now",
                                "All of it is sealed. Who has the tier alone learns sizes, times and random names, and"
                                        + " reads the audit log (accounts, machines, addresses, times; no patient). Who"
                                        + " also has the root key, or the recovery kit and its passphrase or shares, reads"
                                        + " everything. Packs that were purged before are not here.",
                                List.of("key", "packs", "files", "bytes"),
                                held),
                        new Document.Section(
                                "changes",
                                "What was done to the tier",
                                "",
                                List.of("event", "time", "what", "who", "outcome"),
                                changes),
                        source.holes()));
    }
}
