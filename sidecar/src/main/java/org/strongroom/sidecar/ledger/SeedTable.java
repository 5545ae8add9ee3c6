package org.strongroom.sidecar.ledger;

import java.util.List;
import java.util.Optional;
import org.strongroom.core.control.SeedStatus;

/** Copies that are carried to their tier on a disk. Thread-safe. */
public final class SeedTable {
    private static final String OF_TIER = "WHERE c.tier = (SELECT id FROM tiers WHERE name = ?) AND ";

    private final Ledger ledger;

    public SeedTable(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The newest copy behind {@code behind} that the line has not begun: the line takes the oldest first. */
    public Optional<CopyRow> nextQueued(String tier, long behind) {
        return ledger.read(handle -> handle.createQuery(CopyRow.SELECT + OF_TIER
                        + "c.state < 4 AND c.state = 0 AND c.pack < ? ORDER BY c.pack DESC LIMIT 1")
                .bind(0, tier)
                .bind(1, behind)
                .map(CopyRow.MAPPER)
                .findOne());
    }

    /** Copies on disks, in order of packs from behind {@code behind} on. */
    public List<CopyRow> waiting(String tier, long behind, int limit) {
        return ledger.read(handle -> handle.createQuery(
                        CopyRow.SELECT + OF_TIER + "c.state = 7 AND c.pack > ? ORDER BY c.pack LIMIT ?")
                .bind(0, tier)
                .bind(1, behind)
                .bind(2, limit)
                .map(CopyRow.MAPPER)
                .list());
    }

    /**
     * A disk has it: the line leaves it alone.
     *
     * @return whether that is so; else the line was faster
     */
    public boolean seeded(CopyRow copy) {
        return set(copy, 0, "state = 7");
    }

    /**
     * The tier has it.
     *
     * @param proven whether that is known of every byte
     */
    public void arrived(CopyRow copy, boolean proven) {
        set(copy, 7, "state = 2, scrubbed = " + (proven ? 1 : 0));
    }

    /** The line takes it. */
    public void queued(CopyRow copy) {
        set(copy, 7, "state = 0");
    }

    private boolean set(CopyRow copy, int before, String what) {
        return ledger.write(handle -> handle.execute(
                        "UPDATE copies SET " + what
                                + " WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) AND state = ?",
                        copy.pack(),
                        copy.tier(),
                        before))
                > 0;
    }

    public SeedStatus status(String tier) {
        return ledger.read(handle -> handle.createQuery("SELECT"
                        + " coalesce(sum(packs) FILTER (WHERE state = 0), 0) AS queued,"
                        + " coalesce(sum(bytes) FILTER (WHERE state = 0), 0) AS queued_bytes,"
                        + " coalesce(sum(packs) FILTER (WHERE state = 7), 0) AS waiting,"
                        + " coalesce(sum(bytes) FILTER (WHERE state = 7), 0) AS waiting_bytes"
                        + " FROM tier_totals WHERE tier = (SELECT id FROM tiers WHERE name = ?)")
                .bind(0, tier)
                .map((row, context) -> new SeedStatus(
                        tier,
                        row.getLong("queued"),
                        row.getLong("queued_bytes"),
                        row.getLong("waiting"),
                        row.getLong("waiting_bytes")))
                .one());
    }
}
