package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * One study key. Immutable.
 *
 * @param id the ledger's own number
 * @param arrived when its newest file arrived
 * @param taken when a file of it was taken in that had arrived long before; the epoch if none was
 * @param waiting files in the spool that are in no pack yet
 * @param waitingBytes their sealed size
 * @param cached whole files in the cache
 * @param cachedBytes their sealed size
 */
public record StudyRow(
        long id,
        UUID key,
        UUID tenant,
        Instant arrived,
        Instant taken,
        Instant used,
        long waiting,
        long waitingBytes,
        long cached,
        long cachedBytes) {

    /** Whether nothing of it came since {@code moment}. */
    public boolean isQuietSince(Instant moment) {
        return !arrived.isAfter(moment) && !taken.isAfter(moment);
    }

    static final RowMapper<StudyRow> MAPPER = (row, context) -> new StudyRow(
            row.getLong("id"),
            Ids.uuid(row.getBytes("key")),
            Ids.uuid(row.getBytes("tenant")),
            Instant.ofEpochMilli(row.getLong("arrived")),
            Instant.ofEpochMilli(row.getLong("taken")),
            Instant.ofEpochMilli(row.getLong("used")),
            row.getLong("waiting"),
            row.getLong("waiting_bytes"),
            row.getLong("cached"),
            row.getLong("cached_bytes"));
}
