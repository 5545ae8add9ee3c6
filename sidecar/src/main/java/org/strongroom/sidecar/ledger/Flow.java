package org.strongroom.sidecar.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * What comes and what must still go, in bytes. Immutable.
 *
 * @param queued of planned packs, per tier, what is not sent yet
 * @param waiting of files that are in no pack yet, by the tenants whose they are
 * @param lately of packs that were planned within the last week, by the tenants whose they are
 * @param intakePerDay what arrived here, over the last week or since the first file; empty if nothing did
 */
public record Flow(
        Map<String, Long> queued, Map<UUID, Long> waiting, Map<UUID, Long> lately, Optional<Long> intakePerDay) {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final int DAY = 24;
    private static final int WEEK = 7 * DAY;

    public static Flow of(Ledger ledger, Instant now) {
        return ledger.read(handle -> {
            Map<String, Long> queued = new HashMap<>();
            String open = "SELECT t.name, sum(p.bytes) AS bytes FROM copies c JOIN tiers t ON t.id = c.tier"
                    + " JOIN packs p ON p.id = c.pack WHERE c.state < 4 AND c.state < 2 GROUP BY t.id";
            String sent =
                    "SELECT t.name, -sum(s.size) AS bytes FROM parts s JOIN tiers t ON t.id = s.tier GROUP BY t.id";
            for (String query : new String[] {open, sent}) {
                handle.createQuery(query)
                        .map((row, context) -> queued.merge(row.getString("name"), row.getLong("bytes"), Long::sum))
                        .list();
            }
            Map<UUID, Long> waiting = byOwner(handle.createQuery(
                    "SELECT owner, sum(waiting_bytes) AS bytes FROM studies WHERE waiting > 0 GROUP BY owner"));
            Map<UUID, Long> lately = byOwner(handle.createQuery("SELECT s.owner, sum(p.bytes) AS bytes FROM packs p"
                            + " JOIN studies s ON s.id = p.study WHERE p.created >= ? GROUP BY s.owner")
                    .bind(0, now.minusMillis(WEEK * HOUR)));
            return new Flow(queued, waiting, lately, intakePerDay(handle, now.toEpochMilli() / HOUR));
        });
    }

    private static Map<UUID, Long> byOwner(Query query) {
        Map<UUID, Long> bytes = new HashMap<>();
        query.map((row, context) -> bytes.put(Ids.uuid(row.getBytes("owner")), row.getLong("bytes")))
                .list();
        return bytes;
    }

    /** A day at least, so that a first busy hour is not taken for twenty-four. What came by a clock that was ahead is not of this week. */
    private static Optional<Long> intakePerDay(Handle handle, long hour) {
        return handle.createQuery(
                        "SELECT min(hour) AS first, sum(bytes) AS bytes FROM intake WHERE hour > ? AND hour <= ?")
                .bind(0, hour - WEEK)
                .bind(1, hour)
                .map((row, context) -> {
                    long hours = Math.max(DAY, hour - row.getLong("first") + 1);
                    return row.getLong("bytes") * DAY / hours;
                })
                .findOne()
                .filter(perDay -> perDay > 0);
    }
}
