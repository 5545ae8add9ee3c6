package org.strongroom.sidecar.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * A copy that is, or may be, in an archive class. Immutable.
 *
 * @param pack the ledger's number of the pack
 * @param tier name in the settings
 * @param wanted whether it is fetched when it is back
 * @param asked when it was asked for; null if it was not
 * @param ready when it is about to be back; null if it was not asked for
 * @param until when it is back: as long as the store promises it; else null
 */
public record ArchivedRow(
        long pack, String tier, State state, boolean wanted, Instant asked, Instant ready, Instant until) {
    /** The numbers are in the ledger. */
    public enum State {
        /** Its companion is there, and it can be read. */
        PREPARED,
        /** It cannot be read, and nobody asked for it. */
        ARCHIVED,
        /** It was asked for. */
        COMING,
        /** It can be read, and is to be fetched. */
        ARRIVED,
        /** It can be read. */
        BACK
    }

    static final String SELECT = "SELECT a.pack, t.name, a.state, a.wanted, a.asked, a.ready, a.until FROM archived a"
            + " JOIN tiers t ON t.id = a.tier ";

    static final RowMapper<ArchivedRow> MAPPER = (row, context) -> new ArchivedRow(
            row.getLong("pack"),
            row.getString("name"),
            State.values()[row.getInt("state")],
            row.getBoolean("wanted"),
            instant(row, "asked"),
            instant(row, "ready"),
            instant(row, "until"));

    public ArchivedRow {
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(state, "state");
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    /** Whether it cannot be read now, as far as is known. */
    public boolean isAway() {
        return state == State.ARCHIVED || state == State.COMING;
    }

    /** For people and {@code docs/control.md}. */
    String words() {
        return switch (state) {
            case PREPARED -> "ready to be archived";
            case ARCHIVED -> "archived";
            case COMING -> "coming back, ready about " + ready;
            case ARRIVED, BACK -> until == null ? "back" : "back until " + until;
        };
    }
}
