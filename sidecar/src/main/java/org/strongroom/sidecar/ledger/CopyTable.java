package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.strongroom.sidecar.tier.Tier.PartReceipt;

/** Copies of packs in tiers, and the uploads that make them. Thread-safe. */
public final class CopyTable {
    private final Ledger ledger;
    private final Wanted wanted;

    public CopyTable(Ledger ledger) {
        this(ledger, Wanted.EVERYWHERE);
    }

    /** @param wanted which tenants' packs a tier is to have */
    public CopyTable(Ledger ledger, Wanted wanted) {
        this.ledger = ledger;
        this.wanted = wanted;
    }

    /**
     * The oldest copy that a tier's worker can go on with, not received, and not waiting for the plugin, of packs of which something arrived at
     * {@code since} or later.
     */
    public Optional<CopyRow> nextArrived(String tier, long behind, Instant since) {
        return next(
                tier,
                after(behind) + " AND (SELECT a.arrived FROM packs a WHERE a.id = c.pack) >= " + since.toEpochMilli());
    }

    /** The same, of packs of which from {@code least} to {@code most} copies have their receipts. */
    public Optional<CopyRow> nextReceived(String tier, long behind, int least, int most) {
        return next(
                tier,
                after(behind) + " AND (SELECT count(*) FROM copies r WHERE r.pack = c.pack AND r.state = 4) BETWEEN "
                        + least + " AND " + most);
    }

    /** The same, of packs of studies that go first at {@code now}, of which fewer than {@code enough} copies have their receipts. */
    public Optional<CopyRow> nextUrgent(String tier, long behind, Instant now, int enough) {
        String urgent = "SELECT id FROM studies WHERE urgent > 0 AND " + StudyTable.isUrgent(now);
        boolean any = ledger.read(handle -> handle.createQuery("SELECT EXISTS (" + urgent + ")")
                .mapTo(Boolean.class)
                .one());
        return !any
                ? Optional.empty()
                : next(
                        tier,
                        // By their ids: SQLite would look through the whole queue for a range of them.
                        " AND c.pack IN (SELECT p.id FROM packs p WHERE p.id > " + behind + " AND p.study IN (" + urgent
                                + "))" + " AND (SELECT count(*) FROM copies r WHERE r.pack = c.pack AND r.state = 4) < "
                                + enough);
    }

    /** How many of a pack's copies have their receipts. */
    public int receipts(long pack) {
        return ledger.read(handle -> handle.createQuery("SELECT count(*) FROM copies WHERE pack = ? AND state = 4")
                .bind(0, pack)
                .mapTo(Integer.class)
                .one());
    }

    private static String after(long behind) {
        return " AND c.pack > " + behind;
    }

    private Optional<CopyRow> next(String tier, String which) {
        return ledger.read(handle -> handle.createQuery(CopyRow.SELECT
                        + "WHERE c.tier = (SELECT id FROM tiers WHERE name = ?)"
                        + " AND c.state < 4 AND c.state != 3" + which + " ORDER BY c.pack LIMIT 1")
                .bind(0, tier)
                .map(CopyRow.MAPPER)
                .findOne());
    }

    /** Ids of the open uploads in a tier. */
    public Set<String> uploads(String tier) {
        return ledger.read(handle -> new HashSet<>(handle.createQuery("SELECT upload FROM copies"
                        + " WHERE tier = (SELECT id FROM tiers WHERE name = ?) AND state < 4 AND upload IS NOT NULL")
                .bind(0, tier)
                .mapTo(String.class)
                .list()));
    }

    /** Copies of a tier that wait for the plugin, oldest first. */
    public List<CopyRow> checked(String tier, int limit) {
        return ledger.read(
                handle -> handle.createQuery(CopyRow.SELECT + "WHERE c.tier = (SELECT id FROM tiers WHERE name = ?)"
                                + " AND c.state < 4 AND c.state = 3 ORDER BY c.pack LIMIT ?")
                        .bind(0, tier)
                        .bind(1, limit)
                        .map(CopyRow.MAPPER)
                        .list());
    }

    /** Copies of a tier that are no receipt any more, in order of packs from behind {@code behind} on. */
    public List<CopyRow> suspects(String tier, long behind, int limit) {
        return ledger.read(
                handle -> handle.createQuery(CopyRow.SELECT + "WHERE c.tier = (SELECT id FROM tiers WHERE name = ?)"
                                + " AND c.state = 5 AND c.pack > ? ORDER BY c.pack LIMIT ?")
                        .bind(0, tier)
                        .bind(1, behind)
                        .bind(2, limit)
                        .map(CopyRow.MAPPER)
                        .list());
    }

    /**
     * The received copy of a tier that was checked longest ago, of those that can be read.
     *
     * @param except packs that are left alone
     */
    public Optional<CopyRow> longestUnchecked(String tier, Set<Long> except) {
        return ledger.read(handle -> handle
                .createQuery(CopyRow.SELECT + "WHERE c.tier = (SELECT id FROM tiers WHERE name = ?)"
                        + " AND c.state = 4 AND c.away = 0 ORDER BY c.scrubbed, c.pack LIMIT ?")
                .bind(0, tier)
                .bind(1, except.size() + 1)
                .map(CopyRow.MAPPER)
                .stream()
                .filter(copy -> !except.contains(copy.pack()))
                .findFirst());
    }

    /** One of those that were checked later than {@code now}, by a clock that was ahead: nobody knows when; the same is left alone. */
    public Optional<CopyRow> checkedLater(String tier, Instant now, Set<Long> except) {
        return ledger.read(handle -> handle
                .createQuery(CopyRow.SELECT + "WHERE c.tier = (SELECT id FROM tiers WHERE name = ?)"
                        + " AND c.state = 4 AND c.away = 0 AND c.scrubbed > ? ORDER BY c.scrubbed, c.pack LIMIT ?")
                .bind(0, tier)
                .bind(1, now)
                .bind(2, except.size() + 1)
                .map(CopyRow.MAPPER)
                .stream()
                .filter(copy -> !except.contains(copy.pack()))
                .findFirst());
    }

    /**
     * Of the received copies in a tier of which something is wanted, and wanted there, the one whose lock ends first, if it ends before then.
     *
     * @param except packs that are left alone
     */
    public Optional<CopyRow> firstUnlocked(String tier, Instant before, Set<Long> except) {
        return ledger.read(handle -> {
            List<UUID> owners = unwantedOwners(handle, tier);
            return handle
                    .createQuery(CopyRow.SELECT + "WHERE c.tier = (SELECT id FROM tiers WHERE name = :tier)"
                            + " AND c.state = 4 AND c.locked < :before AND EXISTS (SELECT 1 FROM members m JOIN files f"
                            + " ON f.id = m.file WHERE m.pack = c.pack AND (f.removed IS NULL OR " + HoldTable.HELD
                            + ")) AND NOT EXISTS (SELECT 1 FROM packs p JOIN studies s ON s.id = p.study"
                            + " WHERE p.id = c.pack AND s.owner IN (<owners>)) ORDER BY c.locked, c.pack LIMIT :limit")
                    .bindList("owners", owners.isEmpty() ? List.of("") : owners)
                    .bind("tier", tier)
                    .bind("before", before)
                    .bind("limit", except.size() + 1)
                    .map(CopyRow.MAPPER)
                    .stream()
                    .filter(copy -> !except.contains(copy.pack()))
                    .findFirst();
        });
    }

    /** The store said that nobody can delete it before then. */
    public void locked(CopyRow copy, Instant until) {
        ledger.write(handle -> set(handle, copy, "locked = ?", until));
    }

    /** Until when the store last said that nobody can delete it; the epoch if that is not known. */
    public Instant lockedUntil(CopyRow copy) {
        return ledger.read(handle -> handle.createQuery(
                        "SELECT locked FROM copies WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?)")
                .bind(0, copy.pack())
                .bind(1, copy.tier())
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli)
                .orElse(Instant.EPOCH));
    }

    /** It is read again before others. */
    public void unchecked(String tier, UUID pack) {
        ledger.write(handle -> handle.execute(
                "UPDATE copies SET scrubbed = 0 WHERE pack = (SELECT id FROM packs WHERE pack = ?)"
                        + " AND tier = (SELECT id FROM tiers WHERE name = ?) AND state = 4",
                pack,
                tier));
    }

    /** Bytes of the received copies in a tier. */
    public long receivedBytes(String tier) {
        return ledger.read(handle -> handle.createQuery("SELECT coalesce(sum(bytes), 0) FROM tier_totals"
                        + " WHERE tier = (SELECT id FROM tiers WHERE name = ?) AND state = 4")
                .bind(0, tier)
                .mapTo(Long.class)
                .one());
    }

    /** Of these, the bytes of those that can be read without being brought back. Costs a look at every copy in the tier. */
    public long readableBytes(String tier) {
        return ledger.read(handle -> handle.createQuery("SELECT coalesce(sum(p.bytes), 0) FROM copies c"
                        + " JOIN packs p ON p.id = c.pack WHERE c.tier = (SELECT id FROM tiers WHERE name = ?)"
                        + " AND c.state = 4 AND c.away = 0")
                .bind(0, tier)
                .mapTo(Long.class)
                .one());
    }

    public List<CopyRow> of(long pack) {
        return ledger.read(handle -> handle.createQuery(CopyRow.SELECT + "WHERE c.pack = ? ORDER BY t.id")
                .bind(0, pack)
                .map(CopyRow.MAPPER)
                .list());
    }

    public Optional<CopyRow> find(long pack, String tier) {
        return of(pack).stream().filter(copy -> copy.tier().equals(tier)).findFirst();
    }

    /** Whether the tier is to have it still; no longer if it was deleted there on purpose since it was looked up. */
    public boolean isMissed(CopyRow copy) {
        return find(copy.pack(), copy.tier())
                .filter(now -> now.state() != CopyState.PURGED)
                .isPresent();
    }

    /**
     * An upload was begun; parts of an earlier one are forgotten.
     *
     * @return whether it is to go on; else the copy went to a disk meanwhile
     */
    public boolean uploading(CopyRow copy, String upload) {
        return ledger.write(handle -> {
                    dropParts(handle, copy);
                    return handle.execute(
                            "UPDATE copies SET state = 1, upload = ?"
                                    + " WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) AND state != 7",
                            upload,
                            copy.pack(),
                            copy.tier());
                })
                > 0;
    }

    /** The store has a part. */
    public void part(CopyRow copy, PartReceipt part) {
        ledger.write(handle -> handle.execute(
                "INSERT OR REPLACE INTO parts (pack, tier, number, size, tag)"
                        + " SELECT ?, id, ?, ?, ? FROM tiers WHERE name = ?",
                copy.pack(),
                part.number(),
                part.size(),
                part.tag(),
                copy.tier()));
    }

    /** Parts from {@code number} on are to be sent again, perhaps as others. */
    public void forgetParts(CopyRow copy, int number) {
        ledger.write(handle -> handle.execute(
                "DELETE FROM parts WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) AND number >= ?",
                copy.pack(),
                copy.tier(),
                number));
    }

    public List<PartReceipt> parts(CopyRow copy) {
        return ledger.read(handle -> handle.createQuery("SELECT number, size, tag FROM parts"
                        + " WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) ORDER BY number")
                .bind(0, copy.pack())
                .bind(1, copy.tier())
                .map((row, context) -> new PartReceipt(row.getInt("number"), row.getLong("size"), row.getString("tag")))
                .list());
    }

    /** The store has made the object, of what was sent now or at some other time. */
    public void uploaded(CopyRow copy) {
        ledger.write(handle -> {
            dropParts(handle, copy);
            return set(handle, copy, "scrubbed = (state = 1), state = 2, upload = NULL");
        });
    }

    /** All that the sidecar can check is checked; the plugin is asked next. */
    public void checked(CopyRow copy, String bundle, Instant seen) {
        ledger.write(handle -> set(handle, copy, "state = 3, bundle = ?, seen = ?", bundle, seen));
    }

    /** It has its receipt; unless it was doubted meanwhile. */
    public boolean received(CopyRow copy, Instant seen) {
        return ledger.write(handle -> handle.execute(
                        "UPDATE copies SET state = 4, seen = ?, scrubbed = CASE scrubbed WHEN 0 THEN 0 ELSE ? END"
                                + " WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) AND state = 3",
                        seen,
                        seen,
                        copy.pack(),
                        copy.tier())
                > 0);
    }

    /** All its bytes were read and are right, and this bundle lies beside it. */
    public void scrubbed(CopyRow copy, String bundle, Instant at) {
        ledger.write(handle -> handle.execute(
                "UPDATE copies SET scrubbed = ?, seen = ?, bundle = ?"
                        + " WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) AND state = 4",
                at,
                at,
                bundle,
                copy.pack(),
                copy.tier()));
    }

    /** The tier confirmed the size of a received copy. */
    public void seen(CopyRow copy, Instant at) {
        ledger.write(handle -> set(handle, copy, "seen = ?", at));
    }

    /** It must be made again from the start. */
    public void queued(CopyRow copy) {
        ledger.write(handle -> {
            dropParts(handle, copy);
            return set(handle, copy, "state = 0, upload = NULL, bundle = NULL, seen = NULL, scrubbed = 0, locked = 0");
        });
    }

    /** It is neither there nor to be made. */
    public void drop(CopyRow copy) {
        ledger.write(handle -> {
            dropParts(handle, copy);
            return handle.execute(
                    "DELETE FROM copies WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?)",
                    copy.pack(),
                    copy.tier());
        });
    }

    /** Copies in a tier of packs of these tenants, in order of packs from behind {@code behind} on. */
    public List<CopyRow> of(String tier, Predicate<UUID> tenants, long behind, int limit) {
        return ledger.read(handle -> {
            List<UUID> owners =
                    TierTable.owners(handle).stream().filter(tenants).toList();
            if (owners.isEmpty()) {
                return List.of();
            }
            return handle.createQuery(CopyRow.SELECT + "JOIN packs p ON p.id = c.pack JOIN studies s ON s.id = p.study"
                            + " WHERE c.tier = (SELECT id FROM tiers WHERE name = :tier)"
                            + " AND c.state BETWEEN 2 AND 5 AND c.pack > :behind AND s.owner IN (<owners>)"
                            + " ORDER BY c.pack LIMIT :limit")
                    .bindList("owners", owners)
                    .bind("tier", tier)
                    .bind("behind", behind)
                    .bind("limit", limit)
                    .map(CopyRow.MAPPER)
                    .list();
        });
    }

    private List<UUID> unwantedOwners(Handle handle, String tier) {
        return TierTable.owners(handle).stream()
                .filter(owner -> !wanted.isWanted(owner, tier))
                .toList();
    }

    /** It is no receipt any more; what was purged stays so. */
    public void suspect(CopyRow copy) {
        ledger.write(handle -> handle.execute(
                "UPDATE copies SET state = 5"
                        + " WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) AND state != 6",
                copy.pack(),
                copy.tier()));
    }

    /**
     * A tier does not hold these packs although it did: they must be made again.
     *
     * @return how many of them had not been purged
     */
    public int gone(String tier, Collection<UUID> packs) {
        return ledger.write(handle -> {
            int count = 0;
            for (UUID pack : packs) {
                count += handle.execute(
                        "UPDATE copies SET state = 0, upload = NULL, bundle = NULL, seen = NULL, scrubbed = 0, locked"
                                + " = 0 WHERE pack = (SELECT id FROM packs WHERE pack = ?) AND tier = (SELECT id FROM"
                                + " tiers WHERE name = ?) AND state BETWEEN 2 AND 5",
                        pack,
                        tier);
            }
            return count;
        });
    }

    /** It was deleted from the tier. */
    public void purged(CopyRow copy) {
        ledger.write(handle -> set(handle, copy, "state = 6, upload = NULL"));
    }

    private static int set(Handle handle, CopyRow copy, String what, Object... values) {
        Object[] all = new Object[values.length + 2];
        System.arraycopy(values, 0, all, 0, values.length);
        all[values.length] = copy.pack();
        all[values.length + 1] = copy.tier();
        return handle.execute(
                "UPDATE copies SET " + what + " WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?)", all);
    }

    private static void dropParts(Handle handle, CopyRow copy) {
        handle.execute(
                "DELETE FROM parts WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?)",
                copy.pack(),
                copy.tier());
    }
}
