package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Sums over the whole ledger at one moment, in bytes. Immutable.
 *
 * @param backlog files that lack receipts: in the spool, in a pack without enough of them, or lost
 * @param oldest when the oldest file of the backlog arrived; null if there is none
 * @param lost files that are in no pack and not on this machine any more
 */
public record Totals(
        Map<Place, Sum> kept,
        Map<Place, Sum> removed,
        Map<String, TierSum> tiers,
        Backlog backlog,
        Instant oldest,
        long lost) {

    /**
     * What lacks receipts and is not in the spool: lost before it was packed, or gone from it before its pack had them. From the few packs on
     * (CROSS JOIN keeps that order): SQLite itself would begin with the members of all packs.
     */
    static final String ELSEWHERE =
            "SELECT count(*) AS files, count(*) FILTER (WHERE " + FileRow.IS_IMAGE + ") AS instances,"
                    + " coalesce(sum(head + body), 0) AS bytes, min(arrived) AS oldest FROM ("
                    + "SELECT header, head, body, arrived FROM files WHERE place = 0 AND planned = 0 AND removed IS NULL"
                    + " UNION ALL SELECT f.header, f.head, f.body, f.arrived FROM packs p CROSS JOIN members m ON m.pack = p.id"
                    + " CROSS JOIN files f ON f.id = m.file WHERE p.settled = 0 AND f.place != 1 AND f.removed IS NULL)";

    /**
     * What lacks receipts.
     *
     * @param instances those of the files that are images
     */
    public record Backlog(long files, long instances, long bytes) {}

    /**
     * Files in one place.
     *
     * @param instances those that are images
     */
    public record Sum(long files, long bytes, long headBytes, long plainBytes, long instances) {}

    /**
     * Packs in one tier.
     *
     * @param objects with a receipt, or once received and now suspect
     * @param copies with a receipt
     * @param queued still without one
     * @param scrubbed since when every copy with a receipt that can be read was read and was right; null if some never were,
     *     or there are none
     * @param archived in an archive class, brought back or not
     * @param coming of them, those that are being brought back
     * @param seeded of those queued, those on disks that are carried there
     */
    public record TierSum(
            long objects,
            long bytes,
            long copies,
            long queued,
            Instant scrubbed,
            long archived,
            long coming,
            long seeded) {
        /** Of a tier that nothing is known of. */
        public static final TierSum NONE = new TierSum(0, 0, 0, 0, null, 0, 0, 0);

        /** Those that are damaged or gone. */
        public long damaged() {
            return objects - copies;
        }
    }

    /** Bytes that the files of a place take on this machine. */
    public long onDisk(Place place) {
        Sum here = kept.get(place);
        Sum gone = removed.get(place);
        return switch (place) {
            case ABSENT -> 0;
            case SPOOL, CACHE -> here.bytes() + gone.bytes();
            case HEAD -> here.headBytes() + gone.headBytes();
        };
    }

    /** Reads them; costs the same for any number of files. */
    public static Totals of(Ledger ledger) {
        return ledger.read(handle -> {
            Map<Place, Sum> kept = new EnumMap<>(Place.class);
            Map<Place, Sum> removed = new EnumMap<>(Place.class);
            handle.createQuery("SELECT * FROM totals")
                    .map((row, context) -> (row.getInt("removed") == 0 ? kept : removed)
                            .put(
                                    Place.of(row.getInt("place")),
                                    new Sum(
                                            row.getLong("files"),
                                            row.getLong("bytes"),
                                            row.getLong("heads"),
                                            row.getLong("plain"),
                                            row.getLong("instances"))))
                    .list();
            Map<String, TierSum> tiers = new HashMap<>();
            handle.createQuery("SELECT t.name, coalesce(sum(s.packs) FILTER (WHERE s.state IN (4, 5)), 0) AS objects,"
                            + " coalesce(sum(s.bytes) FILTER (WHERE s.state IN (4, 5)), 0) AS bytes,"
                            + " coalesce(sum(s.packs) FILTER (WHERE s.state < 4 OR s.state = 7), 0) AS queued,"
                            + " coalesce(sum(s.packs) FILTER (WHERE s.state = 7), 0) AS seeded,"
                            + " coalesce(sum(s.packs) FILTER (WHERE s.state = 4), 0) AS copies,"
                            + " (SELECT min(c.scrubbed) FROM copies c WHERE c.tier = t.id AND c.state = 4 AND c.away = 0)"
                            + " AS scrubbed,"
                            + " (SELECT coalesce(sum(a.packs), 0) FROM archive_totals a WHERE a.tier = t.id AND a.state > 0) AS archived,"
                            + " (SELECT coalesce(sum(a.packs), 0) FROM archive_totals a WHERE a.tier = t.id AND a.state = 2) AS coming"
                            + " FROM tier_totals s JOIN tiers t ON t.id = s.tier GROUP BY t.id")
                    .map((row, context) -> tiers.put(
                            row.getString("name"),
                            new TierSum(
                                    row.getLong("objects"),
                                    row.getLong("bytes"),
                                    row.getLong("copies"),
                                    row.getLong("queued"),
                                    row.getLong("scrubbed") == 0 ? null : Instant.ofEpochMilli(row.getLong("scrubbed")),
                                    row.getLong("archived"),
                                    row.getLong("coming"),
                                    row.getLong("seeded"))))
                    .list();
            Long oldest = handle.createQuery("SELECT min(arrived) FROM files WHERE place = 1 AND removed IS NULL")
                    .mapTo(Long.class)
                    .findOne()
                    .orElse(null);
            long lost = handle.createQuery(
                            "SELECT count(*) FROM files WHERE place = 0 AND planned = 0 AND removed IS NULL")
                    .mapTo(Long.class)
                    .one();
            Sum spool = kept.get(Place.SPOOL);
            Elsewhere elsewhere = elsewhere(handle);
            Optional<Instant> since = Stream.of(oldest, elsewhere.oldest())
                    .filter(Objects::nonNull)
                    .min(Long::compare)
                    .map(Instant::ofEpochMilli);
            Backlog backlog = new Backlog(
                    spool.files() + elsewhere.files(),
                    spool.instances() + elsewhere.instances(),
                    spool.bytes() + elsewhere.bytes());
            return new Totals(kept, removed, tiers, backlog, since.orElse(null), lost);
        });
    }

    private record Elsewhere(long files, long instances, long bytes, Long oldest) {}

    private static Elsewhere elsewhere(Handle handle) {
        return handle.createQuery(ELSEWHERE)
                .map((row, context) -> {
                    long first = row.getLong("oldest");
                    Long oldest = row.wasNull() ? null : first; // asked at once: it speaks of the column read last
                    return new Elsewhere(row.getLong("files"), row.getLong("instances"), row.getLong("bytes"), oldest);
                })
                .one();
    }
}
