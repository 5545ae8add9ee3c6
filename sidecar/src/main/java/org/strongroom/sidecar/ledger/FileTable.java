package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The sealed files that were seen, and what Orthanc removed. Thread-safe. */
public final class FileTable {
    /** When something was removed that was journaled with a time that cannot be: later than anything is purged. */
    public static final Instant UNDATED = Instant.parse("9999-01-01T00:00:00Z");

    private final Ledger ledger;

    public FileTable(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Records what was found. A known file is only moved to where it was found.
     *
     * @return those whose name is known with another header or size; they are not recorded
     */
    public List<Arrival> add(List<Arrival> arrivals) {
        return ledger.write(handle -> {
            List<Arrival> conflicts = new ArrayList<>();
            for (Arrival arrival : arrivals) {
                if (!add(handle, arrival)) {
                    conflicts.add(arrival);
                }
            }
            return conflicts;
        });
    }

    /** Notes of their studies that more of them was taken in now, long after it arrived. */
    public void taken(List<Arrival> arrivals, Instant now) {
        Set<UUID> keys = new HashSet<>();
        arrivals.forEach(arrival -> keys.add(arrival.header().key()));
        if (!keys.isEmpty()) {
            ledger.write(handle -> {
                for (UUID key : keys) {
                    handle.execute("UPDATE studies SET taken = max(taken, ?) WHERE key = ?", now, key);
                }
                return keys.size();
            });
        }
    }

    static boolean add(Handle handle, Arrival arrival) {
        UUID uuid = arrival.header().attachment();
        Optional<FileRow> known = find(handle, uuid);
        if (known.isPresent()) {
            FileRow file = known.get();
            if (file.bytes() != arrival.bytes()
                    || !Arrays.equals(file.header().encode(), arrival.header().encode())) {
                return false;
            }
            if (arrival.place() != Place.ABSENT && file.place() != arrival.place()) {
                handle.execute("UPDATE files SET place = ? WHERE id = ?", arrival.place(), file.id());
                if (arrival.place() == Place.SPOOL) {
                    handle.execute(
                            "UPDATE packs SET settled = 0 WHERE id IN (SELECT pack FROM members WHERE file = ?)",
                            file.id());
                }
            }
            return true;
        }
        long study = StudyTable.idOf(handle, arrival);
        Instant removed = handle.createQuery("SELECT at FROM tombstones WHERE uuid = ?")
                .bind(0, uuid)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli)
                .map(at ->
                        arrival.place() == Place.SPOOL ? UNDATED : at) // sealed after it was removed, maybe long after
                .orElse(null);
        handle.createUpdate(
                        "INSERT INTO files (uuid, study, place, planned, header, head, body, plain, arrived, removed)"
                                + " VALUES (:uuid, :study, :place, 0, :header, :head, :body, :plain, :arrived, :removed)")
                .bind("uuid", uuid)
                .bind("study", study)
                .bind("place", arrival.place())
                .bind("header", arrival.header().encode())
                .bind("head", arrival.header().headPieceSize())
                .bind("body", arrival.bytes() - arrival.header().headPieceSize())
                .bind("plain", arrival.header().plainSize())
                .bind("arrived", arrival.at())
                .bind("removed", removed)
                .execute();
        return true;
    }

    /** The uuid that an attachment was sealed under, of a name that Orthanc knows it by. */
    public UUID sealed(UUID name) {
        return ledger.read(handle -> Names.sealed(handle, name));
    }

    /** What took the place of a file, or of one of its names, and was not removed since; nothing if it was never sealed anew. */
    public List<FileRow> successors(UUID file) {
        return ledger.read(handle -> handle.createQuery("WITH RECURSIVE later (uuid) AS ("
                        + "SELECT successor FROM succeeded WHERE uuid = :file UNION"
                        + " SELECT s.successor FROM succeeded s JOIN later l ON s.uuid = l.uuid)"
                        + " SELECT " + FileRow.COLUMNS
                        + " FROM files f WHERE f.uuid IN (SELECT uuid FROM later) AND f.removed IS NULL")
                .bind("file", file)
                .map(FileRow.MAPPER)
                .list());
    }

    /** Files of a study whose place others took. */
    public List<UUID> succeeded(long study) {
        return ledger.read(handle -> handle.createQuery("SELECT uuid FROM files f WHERE f.study = ?"
                        + " AND EXISTS (SELECT 1 FROM succeeded s WHERE s.uuid = f.uuid)")
                .bind(0, study)
                .mapTo(UUID.class)
                .list());
    }

    public Optional<FileRow> find(UUID uuid) {
        return ledger.read(handle -> find(handle, uuid));
    }

    static Optional<FileRow> find(Handle handle, UUID uuid) {
        return handle.createQuery("SELECT " + FileRow.COLUMNS + " FROM files f WHERE f.uuid = ?")
                .bind(0, uuid)
                .map(FileRow.MAPPER)
                .findOne();
    }

    /** The files that the ledger believes to be in one shard of the spool. */
    public Set<UUID> spooled(int shard) {
        return ledger.read(handle ->
                new HashSet<>(handle.createQuery("SELECT uuid FROM files WHERE place = 1 AND uuid BETWEEN ? AND ?")
                        .bind(0, Ids.first(shard))
                        .bind(1, Ids.last(shard))
                        .mapTo(UUID.class)
                        .list()));
    }

    /** Notes where files are now. */
    public void moved(Collection<Long> files, Place place) {
        ledger.write(handle -> {
            PreparedBatch batch = handle.prepareBatch("UPDATE files SET place = ? WHERE id = ?");
            for (long file : files) {
                batch.bind(0, place).bind(1, file).add();
            }
            return files.isEmpty() ? new int[0] : batch.execute();
        });
    }

    /**
     * What the journal says of an attachment, known or not yet.
     *
     * @param uuid a name of it
     * @param removed when Orthanc removed it under this name, or another attachment got the name, or {@link #UNDATED}; null if it has this name,
     *     or has it again
     * @param sealed whose name it is now; null if that does not change
     */
    public record Change(UUID uuid, Instant removed, UUID sealed) {
        /** A name that is known, or the attachment's own. */
        public Change(UUID uuid, Instant removed) {
            this(uuid, removed, null);
        }

        /** One more name of an attachment. */
        public static Change named(UUID name, UUID sealed) {
            return new Change(name, null, sealed);
        }

        /** A name that one attachment has lost to another. */
        public static Change moved(UUID name, UUID sealed, Instant at) {
            return new Change(name, at, sealed);
        }
    }

    /**
     * Applies journal entries and remembers how far the journal was read, all or nothing.
     *
     * @param destroyed keys that are
     * @param assigned keys of studies that were given to a tenant, and to whom
     */
    public void journaled(
            List<Change> changes,
            List<HoldTable.Change> holds,
            List<UUID> destroyed,
            Map<UUID, UUID> assigned,
            String position) {
        ledger.write(handle -> {
            for (Change change : changes) {
                Names.apply(handle, change);
            }
            for (HoldTable.Change hold : holds) {
                HoldTable.apply(handle, hold);
            }
            for (UUID key : destroyed) {
                ErasureTable.apply(handle, key);
            }
            assigned.forEach((key, tenant) -> {
                handle.execute("INSERT OR REPLACE INTO assigned (key, tenant) VALUES (?, ?)", key, tenant);
                handle.execute("UPDATE studies SET owner = ? WHERE key = ?", tenant, key);
            });
            return handle.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('journal', ?)", position);
        });
    }

    /** Whether it is not known of a study to whom it was given: an older Strongroom read the journal up to there. */
    public boolean isAssignedUntold() {
        return ledger.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM assigned WHERE tenant = x'')")
                .mapTo(Boolean.class)
                .one());
    }

    /** Dates what is {@link #UNDATED}: it was removed now, at the latest. Not what arrived later than that: this clock is behind. */
    public void dateRemovals(Instant now) {
        boolean any = ledger.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM files WHERE removed = ?)")
                .bind(0, UNDATED)
                .mapTo(Boolean.class)
                .one());
        if (any) {
            ledger.write(handle -> handle.execute(
                    "UPDATE files SET removed = ? WHERE removed = ? AND arrived <= ?", now, UNDATED, now));
        }
    }

    /** Dates what was dated in hindsight once more: the clock that did it may have been behind. */
    public void dateRemovalsAgain(Instant now) {
        ledger.write(handle -> handle.execute(
                "UPDATE files SET removed = ? WHERE removed < ?"
                        + " AND EXISTS (SELECT 1 FROM tombstones t WHERE t.uuid = files.uuid AND t.at <> files.removed)",
                now,
                now));
    }

    /** Files that Orthanc removed before {@code before}, oldest removal first, from behind this removal and id on. */
    public List<FileRow> removedBefore(Instant before, Instant after, long behind, int limit) {
        return ledger.read(handle -> handle.createQuery("SELECT " + FileRow.COLUMNS
                        + " FROM files f WHERE f.removed < :before AND (f.removed, f.id) > (:after, :behind)"
                        + " ORDER BY f.removed, f.id LIMIT :limit")
                .bind("before", before)
                .bind("after", after)
                .bind("behind", behind)
                .bind("limit", limit)
                .map(FileRow.MAPPER)
                .list());
    }

    /** Removed files that were given back to Orthanc, which has them under new names now. */
    public void returned(Collection<UUID> uuids, Instant at) {
        ledger.write(handle -> {
            for (UUID uuid : uuids) {
                handle.execute("UPDATE files SET returned = ? WHERE uuid = ?", at, uuid);
            }
            return uuids.size();
        });
    }

    /** Files that Orthanc removed at {@code after} or later and did not get back, oldest removal first, from behind this id on. */
    public List<FileRow> removedSince(Instant after, long behind, int limit) {
        return ledger.read(handle -> handle.createQuery("SELECT " + FileRow.COLUMNS
                        + " FROM files f WHERE f.removed IS NOT NULL AND f.returned IS NULL AND (f.removed, f.id) > (:after, :behind)"
                        + " AND NOT EXISTS (SELECT 1 FROM succeeded s WHERE s.uuid = f.uuid)"
                        + " ORDER BY f.removed, f.id LIMIT :limit")
                .bind("after", after)
                .bind("behind", behind)
                .bind("limit", limit)
                .map(FileRow.MAPPER)
                .list());
    }

    /** Forgets a file that is in no pack and on no disk any more. */
    public void forget(long file) {
        ledger.write(handle -> handle.execute(
                "DELETE FROM files WHERE id = ? AND NOT EXISTS (SELECT 1 FROM members m WHERE m.file = files.id)",
                file));
    }

    /** Whole files in the cache that are in no pack, from behind {@code behind} on. */
    public List<FileRow> cachedUnplanned(long behind, int limit) {
        return ledger.read(handle -> handle.createQuery(
                        "SELECT " + FileRow.COLUMNS
                                + " FROM files f WHERE f.place = 2 AND f.planned = 0 AND f.id > :behind ORDER BY f.id LIMIT :limit")
                .bind("behind", behind)
                .bind("limit", limit)
                .map(FileRow.MAPPER)
                .list());
    }

    /** Files of one study that Orthanc has not removed, wherever they are. */
    public List<FileRow> living(long study, long behind, int limit) {
        return ledger.read(handle -> handle.createQuery(
                        "SELECT " + FileRow.COLUMNS
                                + " FROM files f WHERE f.study = :study AND f.removed IS NULL AND f.id > :behind ORDER BY f.id LIMIT :limit")
                .bind("study", study)
                .bind("behind", behind)
                .bind("limit", limit)
                .map(FileRow.MAPPER)
                .list());
    }

    /**
     * Of a study, what Orthanc has not removed and is not whole on this machine.
     *
     * @param instances those that are images
     * @param bytes of all bodies
     */
    public record Missing(long instances, long bytes) {}

    public Missing missing(long study) {
        return ledger.read(handle -> handle.createQuery("SELECT count(*) FILTER (WHERE " + FileRow.IS_IMAGE
                        + ") AS instances, coalesce(sum(body), 0) AS bytes FROM files"
                        + " WHERE study = ? AND removed IS NULL AND place IN (0, 3)")
                .bind(0, study)
                .map((row, context) -> new Missing(row.getLong("instances"), row.getLong("bytes")))
                .one());
    }

    /** Under which names Orthanc has a file that it has not removed: its own, unless the journal tells of others. */
    public List<UUID> names(UUID file) {
        List<UUID> living =
                ledger.read(handle -> handle.createQuery("SELECT name FROM names WHERE uuid = ? AND removed IS NULL")
                        .bind(0, file)
                        .mapTo(UUID.class)
                        .list());
        return living.isEmpty() ? List.of(file) : living;
    }

    /** Whole files in the cache of one study. */
    public List<FileRow> cached(long study, long behind, int limit) {
        return ledger.read(handle -> handle.createQuery(
                        "SELECT " + FileRow.COLUMNS
                                + " FROM files f WHERE f.study = :study AND f.place = 2 AND f.id > :behind ORDER BY f.id LIMIT :limit")
                .bind("study", study)
                .bind("behind", behind)
                .bind("limit", limit)
                .map(FileRow.MAPPER)
                .list());
    }
}
