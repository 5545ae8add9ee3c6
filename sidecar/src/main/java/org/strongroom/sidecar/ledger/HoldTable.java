package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What must not be deleted, by the journal: ids of keys and tenants, and of the holds that they are under. Thread-safe. */
public final class HoldTable {
    /** Whether the file {@code f} is under any hold. */
    static final String HELD =
            "EXISTS (SELECT 1 FROM studies k JOIN held h ON h.id IN (k.key, k.tenant) WHERE k.id = f.study)";

    private final Ledger ledger;

    public HoldTable(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * What the journal says of a hold.
     *
     * @param keyOrTenant what is under it from now on; empty if the hold is over
     * @param at when
     */
    public record Change(UUID hold, Optional<UUID> keyOrTenant, Instant at) {}

    static void apply(Handle handle, Change change) {
        if (change.keyOrTenant().isPresent()) {
            handle.execute(
                    "INSERT OR IGNORE INTO held (id, hold) VALUES (?, ?)",
                    change.keyOrTenant().get(),
                    change.hold());
        } else {
            handle.execute(
                    "INSERT INTO released (id, at) SELECT id, ? FROM held WHERE hold = ?"
                            + " ON CONFLICT (id) DO UPDATE SET at = max(at, excluded.at)",
                    change.at(),
                    change.hold());
            handle.execute("DELETE FROM held WHERE hold = ?", change.hold());
        }
    }

    /** Whether what this key of this tenant seals is under any hold, or was at {@code since} or later. */
    public boolean isHeldSince(UUID key, UUID tenant, Instant since) {
        return ledger.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM held WHERE id IN (:key, :tenant))"
                        + " OR EXISTS (SELECT 1 FROM released WHERE id IN (:key, :tenant) AND at >= :since)")
                .bind("key", key)
                .bind("tenant", tenant)
                .bind("since", since)
                .mapTo(Boolean.class)
                .one());
    }

    /** Whether what this key seals is under any hold. */
    public boolean isHeld(UUID key) {
        return ledger.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM held WHERE id = :key)"
                        + " OR EXISTS (SELECT 1 FROM studies k JOIN held h ON h.id = k.tenant WHERE k.key = :key)")
                .bind("key", key)
                .mapTo(Boolean.class)
                .one());
    }

    /** Whether anything is under a hold. */
    static boolean isAny(Handle handle) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM held)")
                .mapTo(Boolean.class)
                .one();
    }

    /** Files under one hold that Orthanc removed and did not get back, from behind this id on. */
    public List<FileRow> removed(UUID hold, long behind, int limit) {
        return ledger.read(handle -> handle.createQuery("SELECT " + FileRow.COLUMNS
                        + " FROM files f JOIN studies k ON k.id = f.study WHERE f.removed IS NOT NULL"
                        + " AND f.returned IS NULL AND f.id > :behind"
                        + " AND NOT EXISTS (SELECT 1 FROM succeeded s WHERE s.uuid = f.uuid)"
                        + " AND EXISTS (SELECT 1 FROM held h WHERE h.hold = :hold AND h.id IN (k.key, k.tenant))"
                        + " ORDER BY f.id LIMIT :limit")
                .bind("hold", hold)
                .bind("behind", behind)
                .bind("limit", limit)
                .map(FileRow.MAPPER)
                .list());
    }
}
