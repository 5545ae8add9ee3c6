package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.strongroom.sidecar.ledger.FileTable.Change;

/** Sealed files that Orthanc knows, or knew, under several names, or under another one's: one is removed when all of its names are. */
final class Names {
    private Names() {}

    /** Applies one journal entry. */
    static void apply(Handle handle, Change change) {
        if (change.sealed() != null && change.removed() != null) {
            move(handle, change.uuid(), change.sealed(), change.removed());
            return;
        }
        if (change.sealed() != null) {
            add(handle, change.sealed(), change.uuid());
            restore(handle, change.sealed());
            return;
        }
        int known = handle.execute("UPDATE names SET removed = ? WHERE name = ?", change.removed(), change.uuid());
        UUID file = known == 0 ? change.uuid() : sealed(handle, change.uuid());
        if (change.removed() == null) {
            restore(handle, file);
        } else if (!hasLivingName(handle, file)) {
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

    /** The name that a file was sealed under is one of its names, unless it has others that it got from another file. */
    private static void add(Handle handle, UUID file, UUID name) {
        handle.execute(
                "INSERT OR IGNORE INTO names (name, uuid, removed) SELECT ?, ?, ?"
                        + " WHERE NOT EXISTS (SELECT 1 FROM names WHERE uuid = ?)",
                file,
                file,
                tombstone(handle, file).orElse(null),
                file);
        handle.execute("INSERT OR REPLACE INTO names (name, uuid, removed) VALUES (?, ?, NULL)", name, file);
    }

    /** A file without a name is as good as removed; whoever wants it back wants its successor. */
    private static void move(Handle handle, UUID name, UUID to, Instant at) {
        UUID from = sealed(handle, name);
        Optional<Instant> removed = from.equals(name) ? tombstone(handle, name) : removal(handle, name);
        handle.execute(
                "INSERT OR REPLACE INTO names (name, uuid, removed) VALUES (?, ?, ?)", name, to, removed.orElse(null));
        handle.execute("INSERT OR IGNORE INTO succeeded (uuid, successor) VALUES (?, ?)", from, to);
        if (!hasLivingName(handle, from)) {
            remove(handle, from, at);
        }
        if (removed.isEmpty()) {
            restore(handle, to); // it was removed before it was there
        }
    }

    private static Optional<Instant> tombstone(Handle handle, UUID file) {
        return moment(handle, "SELECT at FROM tombstones WHERE uuid = ?", file);
    }

    private static Optional<Instant> removal(Handle handle, UUID name) {
        return moment(handle, "SELECT removed FROM names WHERE name = ? AND removed IS NOT NULL", name);
    }

    private static Optional<Instant> moment(Handle handle, String query, UUID of) {
        return handle.createQuery(query).bind(0, of).mapTo(Long.class).findOne().map(Instant::ofEpochMilli);
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
