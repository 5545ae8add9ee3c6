package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Copies in archive classes. What is not known here can be read, as far as is known. Thread-safe. */
public final class ArchiveTable {
    private static final String OF_TIER = "tier = (SELECT id FROM tiers WHERE name = ?)";

    private final Ledger ledger;

    public ArchiveTable(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The copies of a pack that are known here, by tier. */
    public Map<String, ArchivedRow> of(long pack) {
        return ledger.read(handle -> of(handle, pack));
    }

    private static Map<String, ArchivedRow> of(Handle handle, long pack) {
        Map<String, ArchivedRow> rows = new LinkedHashMap<>();
        handle.createQuery(ArchivedRow.SELECT + "WHERE a.pack = ? ORDER BY t.name")
                .bind(0, pack)
                .map(ArchivedRow.MAPPER)
                .forEach(row -> rows.put(row.tier(), row));
        return rows;
    }

    /** What {@code docs/control.md} says of them, by tier. */
    static Map<String, String> words(Handle handle, long pack) {
        Map<String, String> words = new LinkedHashMap<>();
        of(handle, pack).forEach((tier, row) -> words.put(tier, row.words()));
        return words;
    }

    /**
     * The oldest copy of a tier that may go to the archive: every copy of its pack that is to be made has its receipt, Orthanc has an image of it
     * or a hold is on it, and its study
     * was neither stored nor opened since {@code before}.
     *
     * @param behind of packs behind this number of the ledger
     * @param prepared whether one that has its companion already is meant, too
     */
    public Optional<CopyRow> nextDue(String tier, Instant before, long behind, boolean prepared) {
        return ledger.read(handle -> handle.createQuery(CopyRow.SELECT
                        + "JOIN packs p ON p.id = c.pack JOIN studies s ON s.id = p.study"
                        + " WHERE c.tier = (SELECT id FROM tiers WHERE name = :tier) AND c.state = 4 AND c.away = 0"
                        + " AND c.pack > :behind AND p.settled = 1 AND p.created <= :before AND s.used <= :before"
                        + " AND " + PackTable.WANTED
                        + " AND NOT EXISTS (SELECT 1 FROM copies o WHERE o.pack = c.pack AND o.state NOT IN (4, 6))"
                        + " AND NOT EXISTS (SELECT 1 FROM archived a WHERE a.pack = c.pack AND a.tier = c.tier"
                        + " AND a.state >= :state) ORDER BY c.pack LIMIT 1")
                .bind("tier", tier)
                .bind("before", before)
                .bind("behind", behind)
                .bind("state", prepared ? 1 : 0)
                .map(CopyRow.MAPPER)
                .findOne());
    }

    /** Those of all tiers that were asked for or are back. */
    public List<ArchivedRow> moving() {
        return ledger.read(handle -> handle.createQuery(ArchivedRow.SELECT + "WHERE a.state > 1 ORDER BY a.pack")
                .map(ArchivedRow.MAPPER)
                .list());
    }

    /**
     * The archived copy of a tier that was looked at longest ago, if that was before {@code before}; one that was looked at later than {@code now},
     * by a clock that was ahead, goes first.
     *
     * @param except packs that are left alone
     */
    public Optional<ArchivedRow> longestUnseen(String tier, Instant before, Instant now, Set<Long> except) {
        return looked(tier, ">", now, except).or(() -> looked(tier, "<", before, except));
    }

    private Optional<ArchivedRow> looked(String tier, String when, Instant at, Set<Long> except) {
        return ledger.read(handle -> handle
                .createQuery(ArchivedRow.SELECT
                        + "WHERE a.tier = (SELECT id FROM tiers WHERE name = ?) AND a.state > 0 AND a.looked " + when
                        + " ? ORDER BY a.looked, a.pack LIMIT ?")
                .bind(0, tier)
                .bind(1, at)
                .bind(2, except.size() + 1)
                .map(ArchivedRow.MAPPER)
                .stream()
                .filter(row -> !except.contains(row.pack()))
                .findFirst());
    }

    /** Its companion is there. */
    public void prepared(long pack, String tier) {
        ledger.write(handle -> handle.execute(
                "INSERT OR IGNORE INTO archived (pack, tier, state) SELECT ?, id, 0 FROM tiers WHERE name = ?",
                pack,
                tier));
    }

    /** It is in the archive; one that was asked for stays so. */
    public void archived(long pack, String tier, Instant looked) {
        ledger.write(handle -> handle.execute(
                "INSERT INTO archived (pack, tier, state, looked) SELECT ?, id, 1, ? FROM tiers WHERE name = ?"
                        + " ON CONFLICT (pack, tier) DO UPDATE SET state = 1, until = NULL WHERE state != 2",
                pack,
                looked,
                tier));
    }

    /** The store has forgotten that it was asked for, or what was back is in the archive again. */
    public void gone(ArchivedRow row) {
        set(row, "state = 1, wanted = 0, asked = NULL, ready = NULL, until = NULL");
    }

    /** It was asked for; whoever wants it fetched is not forgotten. */
    public void coming(long pack, String tier, boolean wanted, Instant asked, Instant ready) {
        ledger.write(handle -> handle.execute(
                "INSERT INTO archived (pack, tier, state, wanted, asked, ready) SELECT ?, id, 2, ?, ?, ? FROM tiers WHERE name = ?"
                        + " ON CONFLICT (pack, tier) DO UPDATE SET state = 2, wanted = max(wanted, excluded.wanted),"
                        + " asked = excluded.asked, ready = excluded.ready, until = NULL",
                pack,
                wanted ? 1 : 0,
                asked,
                ready,
                tier));
    }

    /** It needs longer. */
    public void ready(ArchivedRow row, Instant ready) {
        set(row, "ready = ?", ready);
    }

    /** It can be read, until then at least, and is looked at soon. */
    public void back(ArchivedRow row, Instant until) {
        set(row, "state = CASE wanted WHEN 1 THEN 3 ELSE 4 END, until = ?, looked = 0", until);
    }

    /** All of it was fetched. */
    public void fetched(ArchivedRow row) {
        set(row, "state = 4, wanted = 0");
    }

    /** Its object and its companion were looked at. */
    public void looked(ArchivedRow row, Instant at) {
        set(row, "looked = ?", at);
    }

    /** It can be read like any other. */
    public void atHand(ArchivedRow row) {
        ledger.write(
                handle -> handle.execute("DELETE FROM archived WHERE pack = ? AND " + OF_TIER, row.pack(), row.tier()));
    }

    private void set(ArchivedRow row, String what, Object... values) {
        Object[] all = new Object[values.length + 2];
        System.arraycopy(values, 0, all, 0, values.length);
        all[values.length] = row.pack();
        all[values.length + 1] = row.tier();
        ledger.write(handle -> handle.execute("UPDATE archived SET " + what + " WHERE pack = ? AND " + OF_TIER, all));
    }
}
