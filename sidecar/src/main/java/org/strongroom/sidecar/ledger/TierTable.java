package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The tiers that are configured, the key bundles and journal copies they hold, and which segment holds which key. Thread-safe. */
public final class TierTable {
    private static final String FORMER = "former/stays/";

    private static final String WANTS = "wants/";

    private final Ledger ledger;
    private final Wanted wanted;

    public TierTable(Ledger ledger) {
        this(ledger, Wanted.EVERYWHERE);
    }

    /** @param wanted which tenants' packs a tier is to have */
    public TierTable(Ledger ledger, Wanted wanted) {
        this.ledger = ledger;
        this.wanted = wanted;
    }

    /**
     * Makes {@code names} the tiers: one that is new, or new for a tenant, gets a copy of every pack to make that is wanted there, if it
     * takes any; what is known of one that is gone is forgotten.
     */
    public void configure(Collection<String> names, Predicate<String> takes) {
        ledger.write(handle -> {
            for (String name : handle.createQuery("SELECT name FROM tiers")
                    .mapTo(String.class)
                    .list()) {
                if (!names.contains(name)) {
                    drop(handle, name);
                }
            }
            for (String name : names) {
                handle.execute("INSERT OR IGNORE INTO tiers (name) VALUES (?)", name);
                handle.execute("UPDATE tiers SET takes = ? WHERE name = ?", takes.test(name) ? 1 : 0, name);
                want(handle, name, takes.test(name));
            }
            return null;
        });
    }

    /** A tier takes a copy of every pack that there is and that is wanted there, and of those that will be; or of none any more. */
    public void takes(String tier, boolean takes) {
        ledger.write(handle -> {
            handle.execute("UPDATE tiers SET takes = ? WHERE name = ?", takes ? 1 : 0, tier);
            want(handle, tier, takes);
            return null;
        });
    }

    /** Tiers that take copies get those to make that are wanted of what these keys sealed: it has another owner. */
    public void want(Collection<UUID> keys) {
        ledger.write(handle -> {
            keys.forEach(key -> wantKey(handle, key));
            return null;
        });
    }

    /** Whole tenants once, as long as they are wanted there: to look at each pack at every start would take long. */
    private void want(Handle handle, String tier, boolean takes) {
        String name = WANTS + tier;
        Set<String> before = Set.of(handle.createQuery("SELECT value FROM meta WHERE name = ?")
                .bind(0, name)
                .mapTo(String.class)
                .findOne()
                .orElse("")
                .split(" ", -1));
        List<String> now = new ArrayList<>();
        List<UUID> wanting = new ArrayList<>();
        for (UUID owner : takes ? owners(handle) : List.<UUID>of()) {
            if (wanted.isWanted(owner, tier)) {
                wanting.add(owner);
                now.add(owner.toString());
                if (!before.contains(owner.toString())) {
                    handle.execute(
                            "INSERT OR IGNORE INTO copies (pack, tier, state) SELECT p.id, t.id, 0 FROM studies s"
                                    + " JOIN packs p ON p.study = s.id JOIN tiers t ON t.name = ? WHERE s.owner = ?",
                            tier,
                            owner);
                }
            }
        }
        handle.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, String.join(" ", now));
        if (!wanting.isEmpty()) { // what was given to them, and this process ended before it was wanted
            handle.createUpdate("INSERT OR IGNORE INTO copies (pack, tier, state) SELECT p.id, t.id, 0 FROM assigned a"
                            + " JOIN studies s ON s.key = a.key JOIN packs p ON p.study = s.id JOIN tiers t ON t.name = :tier"
                            + " WHERE s.owner IN (<owners>)")
                    .bindList("owners", wanting)
                    .bind("tier", tier)
                    .execute();
        }
    }

    private void wantKey(Handle handle, UUID key) {
        Optional<UUID> owner = handle.createQuery("SELECT owner FROM studies WHERE key = ?")
                .bind(0, key)
                .mapTo(UUID.class)
                .findOne();
        for (String tier : handle.createQuery("SELECT name FROM tiers WHERE takes = 1")
                .mapTo(String.class)
                .list()) {
            if (owner.filter(one -> wanted.isWanted(one, tier)).isPresent()) {
                handle.execute(
                        "INSERT OR IGNORE INTO copies (pack, tier, state) SELECT p.id, t.id, 0 FROM studies s"
                                + " JOIN packs p ON p.study = s.id JOIN tiers t ON t.name = ? WHERE s.key = ?",
                        tier,
                        key);
            }
        }
    }

    /** Tenants that something of is known. */
    static List<UUID> owners(Handle handle) {
        return handle.createQuery("SELECT DISTINCT owner FROM studies")
                .mapTo(UUID.class)
                .list();
    }

    private static void drop(Handle handle, String name) {
        for (String table : List.of( // sums behind what the triggers take from them
                "copies",
                "class_totals",
                "tier_totals",
                "archived",
                "archive_totals",
                "parts",
                "bundles",
                "journal_copies",
                "erased")) {
            handle.execute("DELETE FROM " + table + " WHERE tier = (SELECT id FROM tiers WHERE name = ?)", name);
        }
        handle.execute("DELETE FROM tiers WHERE name = ?", name);
        handle.execute("DELETE FROM meta WHERE name = ?", WANTS + name);
    }

    /** Whether the packs that a tier already held have been read into the ledger. */
    public boolean isListed(String tier) {
        return ledger.read(handle -> handle.createQuery("SELECT listed FROM tiers WHERE name = ?")
                .bind(0, tier)
                .mapTo(Boolean.class)
                .one());
    }

    public void listed(String tier) {
        ledger.write(handle -> handle.execute("UPDATE tiers SET listed = 1 WHERE name = ?", tier));
    }

    /** A remembered fact, such as how far the journal was read. */
    public Optional<String> remembered(String name) {
        return ledger.read(handle -> handle.createQuery("SELECT value FROM meta WHERE name = ?")
                .bind(0, name)
                .mapTo(String.class)
                .findOne());
    }

    public void remember(String name, String value) {
        ledger.write(handle -> handle.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value));
    }

    public void forget(String name) {
        ledger.write(handle -> handle.execute("DELETE FROM meta WHERE name = ?", name));
    }

    /**
     * What must stay in a tier although a former root key may open it: it holds what Home lacks, or is needed to open that.
     *
     * @param changed when the root key was changed last, as the whole tier was looked at
     */
    public void formerStays(String tier, Instant changed, Collection<String> objects) {
        List<String> lines = new ArrayList<>(List.of(changed.toString()));
        lines.addAll(objects);
        remember(FORMER + tier, String.join("\n", lines));
    }

    /** The same; empty if the tier was not looked at since then, so that nobody knows. */
    public Optional<Set<String>> formerStays(String tier, Instant changed) {
        return remembered(FORMER + tier)
                .map(text -> List.of(text.split("\n", -1)))
                .filter(lines -> lines.get(0).equals(changed.toString()))
                .map(lines -> Set.copyOf(lines.subList(1, lines.size())));
    }

    /** Where a key's record is: segment and position in it. */
    public record KeyPlace(int segment, int position) {}

    /** A key bundle in a tier, verified after it was written. */
    public record BundleRow(String name, int segment, int records) {}

    public void keys(Map<UUID, KeyPlace> places) {
        ledger.write(handle -> {
            places.forEach((key, place) -> handle.execute(
                    "INSERT OR REPLACE INTO keys (key, segment, position) VALUES (?, ?, ?)",
                    key,
                    place.segment(),
                    place.position()));
            return null;
        });
    }

    public Optional<KeyPlace> key(UUID key) {
        return ledger.read(handle -> handle.createQuery("SELECT segment, position FROM keys WHERE key = ?")
                .bind(0, key)
                .map((row, context) -> new KeyPlace(row.getInt("segment"), row.getInt("position")))
                .findOne());
    }

    /** The newest verified bundle of a segment in a tier. */
    public Optional<BundleRow> bundle(String tier, int segment) {
        return ledger.read(handle -> handle.createQuery(
                        "SELECT name, segment, records FROM bundles"
                                + " WHERE tier = (SELECT id FROM tiers WHERE name = ?) AND segment = ? ORDER BY records DESC LIMIT 1")
                .bind(0, tier)
                .bind(1, segment)
                .map((row, context) ->
                        new BundleRow(row.getString("name"), row.getInt("segment"), row.getInt("records")))
                .findOne());
    }

    /** The newest verified bundle of each segment in a tier. */
    public List<BundleRow> bundles(String tier) {
        return ledger.read(handle -> handle.createQuery("SELECT name, segment, max(records) AS records FROM bundles"
                        + " WHERE tier = (SELECT id FROM tiers WHERE name = ?) GROUP BY segment")
                .bind(0, tier)
                .map((row, context) ->
                        new BundleRow(row.getString("name"), row.getInt("segment"), row.getInt("records")))
                .list());
    }

    public void bundle(String tier, BundleRow bundle) {
        ledger.write(handle -> handle.execute(
                "INSERT OR REPLACE INTO bundles (tier, segment, records, name) SELECT id, ?, ?, ? FROM tiers WHERE name = ?",
                bundle.segment(),
                bundle.records(),
                bundle.name(),
                tier));
    }

    /** A bundle is not relied on any more; the object stays. */
    public void forgetBundle(String tier, String name) {
        ledger.write(handle -> handle.execute(
                "DELETE FROM bundles WHERE tier = (SELECT id FROM tiers WHERE name = ?) AND name = ?", tier, name));
    }

    /** The tier holds nothing of the journal any more, nor any bundle: both are written again. */
    public void emptied(String tier) {
        ledger.write(handle -> {
            for (String table : List.of("bundles", "journal_copies")) {
                handle.execute("DELETE FROM " + table + " WHERE tier = (SELECT id FROM tiers WHERE name = ?)", tier);
            }
            return null;
        });
    }

    /**
     * The newest copy of a journal file in a tier.
     *
     * @param reach how far it goes: the length of a segment, the sequence of a head
     * @param object its name in the tier; null if that was not remembered
     * @param superseded name of the copy before it, which may still be there; null if it is gone
     */
    public record JournalCopy(long reach, String object, String superseded) {
        private static JournalCopy of(String state) {
            String[] words = state.split(" ", -1);
            return new JournalCopy(
                    Long.parseLong(words[0]), words.length > 1 ? words[1] : null, words.length > 2 ? words[2] : null);
        }

        private String state() {
            return reach + (object == null ? "" : " " + object) + (superseded == null ? "" : " " + superseded);
        }
    }

    /** The newest copies in a tier, by the names of the journal's files. */
    public Map<String, JournalCopy> journalCopies(String tier) {
        return ledger.read(handle -> handle
                .createQuery(
                        "SELECT name, state FROM journal_copies WHERE tier = (SELECT id FROM tiers WHERE name = ?)")
                .bind(0, tier)
                .map((row, context) -> Map.entry(row.getString("name"), JournalCopy.of(row.getString("state"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** A copy is gone: the file is copied again. */
    public void forgetJournalCopy(String tier, String file) {
        ledger.write(handle -> handle.execute(
                "DELETE FROM journal_copies WHERE tier = (SELECT id FROM tiers WHERE name = ?) AND name = ?",
                tier,
                file));
    }

    public void journalCopied(String tier, String file, JournalCopy copy) {
        ledger.write(handle -> handle.execute(
                "INSERT OR REPLACE INTO journal_copies (tier, name, state) SELECT id, ?, ? FROM tiers WHERE name = ?",
                file,
                copy.state(),
                tier));
    }
}
