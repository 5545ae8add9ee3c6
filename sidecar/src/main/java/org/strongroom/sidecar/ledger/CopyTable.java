package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.strongroom.sidecar.tier.Tier.PartReceipt;

/** Copies of packs in tiers, and the uploads that make them. Thread-safe. */
public final class CopyTable {
    private final Ledger ledger;

    public CopyTable(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The oldest copy that a tier's worker can go on with: not received, and not waiting for the plugin. */
    public Optional<CopyRow> next(String tier, long behind) {
        return ledger.read(
                handle -> handle.createQuery(CopyRow.SELECT + "WHERE c.tier = (SELECT id FROM tiers WHERE name = ?)"
                                + " AND c.state < 4 AND c.state != 3 AND c.pack > ? ORDER BY c.pack LIMIT 1")
                        .bind(0, tier)
                        .bind(1, behind)
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

    /** Copies of a tier that are no receipt any more. */
    public List<CopyRow> suspects(String tier, int limit) {
        return ledger.read(
                handle -> handle.createQuery(CopyRow.SELECT + "WHERE c.tier = (SELECT id FROM tiers WHERE name = ?)"
                                + " AND c.state = 5 ORDER BY c.pack LIMIT ?")
                        .bind(0, tier)
                        .bind(1, limit)
                        .map(CopyRow.MAPPER)
                        .list());
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

    /** An upload was begun; parts of an earlier one are forgotten. */
    public void uploading(CopyRow copy, String upload) {
        ledger.write(handle -> {
            dropParts(handle, copy);
            return set(handle, copy, "state = 1, upload = ?", upload);
        });
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

    /** The store has made the object. */
    public void uploaded(CopyRow copy) {
        ledger.write(handle -> {
            dropParts(handle, copy);
            return set(handle, copy, "state = 2, upload = NULL");
        });
    }

    /** All that the sidecar can check is checked; the plugin is asked next. */
    public void checked(CopyRow copy, String bundle, Instant seen) {
        ledger.write(handle -> set(handle, copy, "state = 3, bundle = ?, seen = ?", bundle, seen));
    }

    /** It has its receipt. */
    public void received(CopyRow copy, Instant seen) {
        ledger.write(handle -> set(handle, copy, "state = 4, seen = ?", seen));
    }

    /** The tier confirmed the size of a received copy. */
    public void seen(CopyRow copy, Instant at) {
        ledger.write(handle -> set(handle, copy, "seen = ?", at));
    }

    /** It must be made again from the start. */
    public void queued(CopyRow copy) {
        ledger.write(handle -> {
            dropParts(handle, copy);
            return set(handle, copy, "state = 0, upload = NULL, bundle = NULL, seen = NULL");
        });
    }

    /** It is no receipt any more. */
    public void suspect(CopyRow copy) {
        ledger.write(handle -> set(handle, copy, "state = 5"));
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
