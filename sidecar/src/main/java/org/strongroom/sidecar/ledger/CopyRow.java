package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.Objects;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * The copy of one pack in one tier. Immutable.
 *
 * @param pack the ledger's number of the pack
 * @param tier name in the settings
 * @param upload id of an open upload, or null
 * @param bundle name of the key bundle that was verified beside it, or null
 * @param seen when the tier last confirmed its size, or null
 * @param scrubbed when all its bytes were last known to be right; the epoch if never
 */
public record CopyRow(
        long pack, String tier, CopyState state, String upload, String bundle, Instant seen, Instant scrubbed) {
    static final String SELECT =
            "SELECT c.pack, t.name, c.state, c.upload, c.bundle, c.seen, c.scrubbed FROM copies c JOIN tiers t ON t.id = c.tier ";

    static final RowMapper<CopyRow> MAPPER = (row, context) -> {
        long seen = row.getLong("seen");
        return new CopyRow(
                row.getLong("pack"),
                row.getString("name"),
                CopyState.of(row.getInt("state")),
                row.getString("upload"),
                row.getString("bundle"),
                seen == 0 ? null : Instant.ofEpochMilli(seen),
                Instant.ofEpochMilli(row.getLong("scrubbed")));
    };

    public CopyRow {
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(scrubbed, "scrubbed");
    }
}
