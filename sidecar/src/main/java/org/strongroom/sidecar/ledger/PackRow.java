package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.strongroom.core.format.v1.Sha256;

/**
 * One pack that was planned. Immutable.
 *
 * @param id the ledger's own number
 * @param owner the tenant whose its study is now
 * @param bytes of the whole object
 * @param digest SHA-256 of prologue and index
 * @param settled whether its files have left the spool
 * @param arrived when its newest member arrived
 */
public record PackRow(
        long id,
        UUID pack,
        long study,
        UUID key,
        UUID owner,
        int members,
        long bytes,
        Sha256 digest,
        boolean settled,
        Instant arrived) {

    static final String SELECT =
            "SELECT p.id, p.pack, p.study, s.key, s.owner, p.members, p.bytes, p.digest, p.settled, p.arrived"
                    + " FROM packs p JOIN studies s ON s.id = p.study ";

    static final RowMapper<PackRow> MAPPER = (row, context) -> new PackRow(
            row.getLong("id"),
            Ids.uuid(row.getBytes("pack")),
            row.getLong("study"),
            Ids.uuid(row.getBytes("key")),
            Ids.uuid(row.getBytes("owner")),
            row.getInt("members"),
            row.getLong("bytes"),
            new Sha256(row.getBytes("digest")),
            row.getInt("settled") != 0,
            Instant.ofEpochMilli(row.getLong("arrived")));
}
