package org.strongroom.sidecar.ledger;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keys that are destroyed, by the journal, and what there still is that they sealed. Thread-safe. */
public final class ErasureTable {
    private static final String STUDY = "(SELECT id FROM studies WHERE key = :key)";

    private final Ledger ledger;

    public ErasureTable(Ledger ledger) {
        this.ledger = ledger;
    }

    static void apply(Handle handle, UUID destroyed) {
        handle.execute("INSERT OR IGNORE INTO destroyed (key) VALUES (?)", destroyed);
    }

    /** Whether nobody can open any more what this key sealed. */
    public boolean isDestroyed(UUID key) {
        return ledger.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM destroyed WHERE key = ?)")
                .bind(0, key)
                .mapTo(Boolean.class)
                .one());
    }

    /** Destroyed keys of which a tier may hold something. */
    public List<UUID> left(String tier) {
        return ledger.read(handle -> handle.createQuery("SELECT key FROM destroyed d WHERE NOT EXISTS"
                        + " (SELECT 1 FROM erased e JOIN tiers t ON t.id = e.tier WHERE e.key = d.key AND t.name = ?)")
                .bind(0, tier)
                .mapTo(UUID.class)
                .list());
    }

    /** A tier holds nothing any more that this key sealed, nor the key. */
    public void erased(UUID key, String tier) {
        ledger.write(handle -> handle.execute(
                "INSERT OR IGNORE INTO erased (key, tier) SELECT ?, id FROM tiers WHERE name = ?", key, tier));
    }

    /** Destroyed keys that sealed something this ledger knows of. */
    public List<UUID> known() {
        return ledger.read(
                handle -> handle.createQuery("SELECT d.key FROM destroyed d CROSS JOIN studies s ON s.key = d.key"
                                + " WHERE EXISTS (SELECT 1 FROM files f WHERE f.study = s.id)")
                        .mapTo(UUID.class)
                        .list());
    }

    /** Files that a key sealed, from behind {@code behind} on. */
    public List<FileRow> files(UUID key, long behind, int limit) {
        return ledger.read(handle -> handle.createQuery("SELECT " + FileRow.COLUMNS + " FROM files f WHERE f.study = "
                        + STUDY + " AND f.id > :behind ORDER BY f.id LIMIT :limit")
                .bind("key", key)
                .bind("behind", behind)
                .bind("limit", limit)
                .map(FileRow.MAPPER)
                .list());
    }

    /** Packs of what a key sealed. */
    public List<PackRow> packs(UUID key) {
        return ledger.read(handle -> handle.createQuery(PackRow.SELECT + "WHERE p.study = " + STUDY + " ORDER BY p.id")
                .bind("key", key)
                .map(PackRow.MAPPER)
                .list());
    }

    /** How many files a key sealed that Orthanc has not removed. */
    public long living(UUID key) {
        return count(key, "removed IS NULL");
    }

    /** How many images a key sealed that Orthanc has removed, without those that were sealed anew under another key. */
    public long removed(UUID key) {
        return count(
                key,
                "removed IS NOT NULL AND substr(header, 93, 4) = x'00000001'"
                        + " AND NOT EXISTS (SELECT 1 FROM succeeded s WHERE s.uuid = files.uuid)");
    }

    /** How many files a key sealed that are on this machine, or of which a part is. */
    public long here(UUID key) {
        return count(key, "place != 0");
    }

    private long count(UUID key, String which) {
        return ledger.read(
                handle -> handle.createQuery("SELECT count(*) FROM files WHERE study = " + STUDY + " AND " + which)
                        .bind("key", key)
                        .mapTo(Long.class)
                        .one());
    }
}
