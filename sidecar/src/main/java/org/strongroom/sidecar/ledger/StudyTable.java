package org.strongroom.sidecar.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.strongroom.core.control.StudyStatus;

/** The study keys that were seen. Thread-safe. */
public final class StudyTable {
    /** A study that is still urgent after this waits for something that going first does not mend. */
    private static final Duration URGENT = Duration.ofDays(1);

    private final Ledger ledger;

    public StudyTable(Ledger ledger) {
        this.ledger = ledger;
    }

    static long idOf(Handle handle, Arrival arrival) {
        UUID key = arrival.header().key();
        Optional<Long> known = handle.createQuery("SELECT id FROM studies WHERE key = ?")
                .bind(0, key)
                .mapTo(Long.class)
                .findOne();
        return known.orElseGet(() -> handle.createQuery(
                        "INSERT INTO studies (key, tenant, owner, arrived, used) VALUES (:key, :tenant,"
                                + " coalesce((SELECT nullif(a.tenant, x'') FROM assigned a WHERE a.key = :key), :tenant), :at, :at)"
                                + " RETURNING id")
                .bind("key", key)
                .bind("tenant", arrival.header().tenant())
                .bind("at", arrival.at())
                .mapTo(Long.class)
                .one());
    }

    /**
     * The tenant whose a study is now: it was given to them, or else sealed for them. Empty if it is not known here, or not yet to whom it
     * was given.
     */
    public Optional<UUID> tenantOf(UUID key) {
        return ledger.read(handle -> handle.createQuery(
                        "SELECT coalesce((SELECT a.tenant FROM assigned a WHERE a.key = s.key), s.tenant)"
                                + " FROM studies s WHERE key = :key")
                .bind("key", key)
                .mapTo(byte[].class)
                .findOne()
                .filter(tenant -> tenant.length > 0)
                .map(Ids::uuid));
    }

    /**
     * Studies that were sealed for a tenant and given to nobody since, of which Orthanc has an image, or of which an image was taken out
     * that is under a hold; no more than {@code most}.
     */
    public long waitingFor(UUID tenant, long most) {
        return ledger.read(
                handle -> handle.createQuery("SELECT count(*) FROM (SELECT 1 FROM studies s WHERE s.tenant = :tenant"
                                + " AND NOT EXISTS (SELECT 1 FROM assigned a WHERE a.key = s.key)"
                                + " AND EXISTS (SELECT 1 FROM files f WHERE f.study = s.id AND substr(f.header, 93, 4) = x'00000001'"
                                + " AND (f.removed IS NULL OR f.returned IS NULL AND " + HoldTable.HELD
                                + ")) LIMIT :most)")
                        .bind("tenant", tenant)
                        .bind("most", most)
                        .mapTo(Long.class)
                        .one());
    }

    /** No waiting study arrived later than {@code now}: the clock was ahead when it did, and nobody waits for that time. */
    public void arrivedBy(Instant now) {
        boolean ahead = ledger.read(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM studies WHERE waiting > 0 AND max(arrived, taken) > ?)")
                .bind(0, now)
                .mapTo(Boolean.class)
                .one());
        if (ahead) {
            ledger.write(handle -> handle.execute(
                    "UPDATE studies SET arrived = min(arrived, ?), taken = min(taken, ?) WHERE waiting > 0", now, now));
        }
    }

    /** Studies to be packed: their newest file arrived at {@code quiet} or before, or {@code bytes} of them wait. */
    public List<StudyRow> ready(Instant quiet, long bytes) {
        return ledger.read(handle -> handle.createQuery("SELECT * FROM studies WHERE waiting > 0"
                        + " AND (arrived <= :quiet AND taken <= :quiet OR waiting_bytes >= :bytes) ORDER BY arrived")
                .bind("quiet", quiet)
                .bind("bytes", bytes)
                .map(StudyRow.MAPPER)
                .list());
    }

    /** In SQL, whether a study goes first at {@code now}: a mark that is much later was made by a clock that was ahead, and is none. */
    static String isUrgent(Instant now) {
        return "urgent > " + now.toEpochMilli() + " AND urgent <= "
                + now.plus(URGENT.multipliedBy(2)).toEpochMilli();
    }

    /**
     * Those that go first at {@code now} and of which something waits to be packed: nothing came since {@code quiet}, or something waits since
     * {@code patience}.
     */
    public List<StudyRow> urgent(Instant now, Instant quiet, Instant patience) {
        return ledger.read(handle -> handle.createQuery("SELECT * FROM studies s WHERE urgent > 0 AND waiting > 0 AND "
                        + isUrgent(now) + " AND (arrived <= :quiet AND taken <= :quiet OR EXISTS (SELECT 1 FROM files f"
                        + " WHERE f.study = s.id AND f.place = 1 AND f.planned = 0 AND f.removed IS NULL"
                        + " AND f.arrived <= :patience)) ORDER BY arrived")
                .bind("quiet", quiet)
                .bind("patience", patience)
                .map(StudyRow.MAPPER)
                .list());
    }

    /** What of these studies is on this machine and has not enough receipts yet. */
    public Totals.Backlog backlogOf(List<StudyRow> some) {
        if (some.isEmpty()) {
            return new Totals.Backlog(0, 0, 0);
        }
        return ledger.read(handle -> handle.createQuery("SELECT count(*) AS files, count(*) FILTER (WHERE "
                        + FileRow.IS_IMAGE + ") AS instances, coalesce(sum(head + body), 0) AS bytes"
                        + " FROM files WHERE study IN (<studies>) AND place = 1 AND removed IS NULL")
                .bindList("studies", some.stream().map(StudyRow::id).toList())
                .map((row, context) ->
                        new Totals.Backlog(row.getLong("files"), row.getLong("instances"), row.getLong("bytes")))
                .one());
    }

    /** These go first for a day from {@code now}, or with {@code false} as all others again; those that there are. */
    public List<StudyRow> markUrgent(List<UUID> keys, boolean urgent, Instant now) {
        return ledger.write(handle -> {
            List<StudyRow> marked = handle.createQuery("SELECT * FROM studies WHERE key IN (<keys>)")
                    .bindList("keys", keys)
                    .map(StudyRow.MAPPER)
                    .list();
            for (StudyRow study : marked) {
                handle.execute(
                        "UPDATE studies SET urgent = ? WHERE id = ?",
                        urgent ? now.plus(URGENT) : Instant.EPOCH,
                        study.id());
            }
            return marked;
        });
    }

    /** Studies to be packed because a hold is on them, although Orthanc removed what waits; the newest file arrived at {@code quiet} or before. */
    public List<StudyRow> held(Instant quiet) {
        return ledger.read(handle -> !HoldTable.isAny(handle) ? List.of() : held(handle, quiet));
    }

    private static List<StudyRow> held(Handle handle, Instant quiet) {
        return handle.createQuery("SELECT * FROM studies WHERE id IN (SELECT f.study FROM files f"
                        + " WHERE f.place = 1 AND f.planned = 0 AND f.removed IS NOT NULL AND " + HoldTable.HELD + ")"
                        + " AND arrived <= :quiet AND taken <= :quiet ORDER BY arrived")
                .bind("quiet", quiet)
                .map(StudyRow.MAPPER)
                .list();
    }

    /** The studies of these files, as far as something of them waits to be packed. */
    public List<StudyRow> waitingOf(List<UUID> files) {
        if (files.isEmpty()) {
            return List.of();
        }
        return ledger.read(handle -> handle.createQuery("SELECT * FROM studies WHERE waiting > 0"
                        + " AND id IN (SELECT study FROM files WHERE uuid IN (<files>)) ORDER BY arrived")
                .bindList("files", files)
                .map(StudyRow.MAPPER)
                .list());
    }

    public Optional<StudyRow> find(UUID key) {
        return ledger.read(handle -> handle.createQuery("SELECT * FROM studies WHERE key = ?")
                .bind(0, key)
                .map(StudyRow.MAPPER)
                .findOne());
    }

    /** Studies in order of ids, from behind {@code behind} on. */
    public List<StudyRow> page(long behind, int limit) {
        return ledger.read(handle -> handle.createQuery("SELECT * FROM studies WHERE id > ? ORDER BY id LIMIT ?")
                .bind(0, behind)
                .bind(1, limit)
                .map(StudyRow.MAPPER)
                .list());
    }

    /** Studies with whole files in the cache, least recently used first. */
    public List<StudyRow> leastRecentlyUsed(Instant used, long behind, int limit) {
        return ledger.read(handle -> handle.createQuery(
                        "SELECT * FROM studies WHERE cached > 0 AND (used, id) > (?, ?) ORDER BY used, id LIMIT ?")
                .bind(0, used)
                .bind(1, behind)
                .bind(2, limit)
                .map(StudyRow.MAPPER)
                .list());
    }

    /** Notes that these studies were read. */
    public void used(Collection<UUID> keys, Instant at) {
        ledger.write(handle -> {
            for (UUID key : keys) {
                handle.execute("UPDATE studies SET used = max(used, ?) WHERE key = ?", at, key);
            }
            return keys.size();
        });
    }

    /** Where the bytes of a study are. */
    public StudyStatus status(StudyRow study) {
        return ledger.read(handle -> handle.createQuery("SELECT count(*) FILTER (WHERE removed IS NULL AND "
                        + FileRow.IS_IMAGE + ") AS instances, count(*) FILTER (WHERE removed IS NULL) AS attachments,"
                        + " coalesce(sum(head + body) FILTER (WHERE removed IS NULL), 0) AS bytes,"
                        + " coalesce(sum(plain) FILTER (WHERE removed IS NULL), 0) AS raw,"
                        + " count(*) FILTER (WHERE removed IS NULL AND place = 1) AS waiting,"
                        + " count(*) FILTER (WHERE removed IS NULL AND place IN (1, 2)) AS local,"
                        + " count(*) FILTER (WHERE removed IS NOT NULL) AS removed"
                        + " FROM files WHERE study = ?")
                .bind(0, study.id())
                .map((row, context) -> new StudyStatus(
                        study.key(),
                        study.tenant(),
                        row.getLong("instances"),
                        row.getLong("attachments"),
                        row.getLong("bytes"),
                        row.getLong("raw"),
                        row.getLong("waiting"),
                        row.getLong("local"),
                        row.getLong("removed"),
                        study.arrived(),
                        PackTable.ofStudy(handle, study.id())))
                .one());
    }
}
