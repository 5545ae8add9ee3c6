package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.strongroom.sidecar.ledger.FileTable.Change;

/** Sealed files that Orthanc knows, or knew, under several names: one is removed when all of its names are. */
final class Names {
    private Names() {}

    /** Applies one journal entry. */
    static void apply(Handle handle, Change change) {
        if (change.sealed() != null) {
            add(handle, change.sealed(), change.uuid());
            restore(handle, change.sealed());
            return;
        }
        int known = handle.execute("UPDATE names SET removed = ? WHERE name = ?", change.removed(), change.uuid());
        UUID file = known == 0 ? change.uuid() : sealed(handle, change.uuid());
        if (change.removed() == null) {
            restore(handle, file);
        } else if (known == 0 || !hasLivingName(handle, file)) {
            remove(handle, file, change.removed());
        }
    }

    static UUID sealed(Handle handle, UUID name) {
        return handle.createQuery("SELECT uuid FROM names WHERE name = ?")
                .bind(0, name)
                .mapTo(UUID.class)
                .findOne()
                .orElse(name);
    }

    private static void add(Handle handle, UUID file, UUID name) {
        Optional<Instant> removed = handle.createQuery("SELECT at FROM tombstones WHERE uuid = ?")
                .bind(0, file)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli);
        handle.execute(
                "INSERT OR IGNORE INTO names (name, uuid, removed) VALUES (?, ?, ?)", file, file, removed.orElse(null));
        handle.execute("INSERT OR REPLACE INTO names (name, uuid, removed) VALUES (?, ?, NULL)", name, file);
    }

    private static boolean hasLivingName(Handle handle, UUID file) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM names WHERE uuid = ? AND removed IS NULL)")
                .bind(0, file)
                .mapTo(Boolean.class)
                .one();
    }

    private static void restore(Handle handle, UUID file) {
        handle.execute("DELETE FROM tombstones WHERE uuid = ?", file);
        handle.execute("UPDATE files SET removed = NULL WHERE uuid = ?", file);
    }

    private static void remove(Handle handle, UUID file, Instant at) {
        handle.execute("INSERT OR IGNORE INTO tombstones (uuid, at) VALUES (?, ?)", file, at);
        handle.execute(
                "UPDATE files SET removed = iif(arrived > ?, ?, ?) WHERE uuid = ? AND removed IS NULL",
                at,
                FileTable.UNDATED,
                at,
                file);
    }
}
