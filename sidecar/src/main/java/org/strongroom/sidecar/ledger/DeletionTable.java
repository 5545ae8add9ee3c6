package org.strongroom.sidecar.ledger;

import java.time.Instant;

/** What was deleted for good lately. Thread-safe. */
public final class DeletionTable {
    private final Ledger ledger;
    private final boolean repair;

    /** @param repair whether damaged copies that are made again from good ones are meant, or all the rest */
    public DeletionTable(Ledger ledger, boolean repair) {
        this.ledger = ledger;
        this.repair = repair;
    }

    /**
     * Forgets what was before {@code time}, and says how many images were since. A clock that was ahead for a while cannot hold everything
     * up for as long: what is of the future was {@code now}.
     */
    public long forgetBefore(Instant time, Instant now) {
        return ledger.write(handle -> {
            handle.execute("DELETE FROM deletions WHERE at <= ?", time);
            handle.execute("UPDATE deletions SET at = ? WHERE at > ?", now, now);
            return handle.createQuery("SELECT coalesce(sum(images), 0) FROM deletions WHERE repair = ?")
                    .bind(0, repair)
                    .mapTo(Long.class)
                    .one();
        });
    }

    public void add(long images, Instant at) {
        ledger.write(handle ->
                handle.execute("INSERT INTO deletions (at, images, repair) VALUES (?, ?, ?)", at, images, repair));
    }

    /** The same of a whole pack, however long its last copy takes. */
    public void add(PackRow pack, Instant at) {
        ledger.write(handle -> {
            handle.execute("UPDATE packs SET charged = 1 WHERE id = ?", pack.id());
            return handle.execute(
                    "INSERT INTO deletions (at, images, repair) VALUES (?, ?, ?)", at, pack.members(), repair);
        });
    }

    /** Whether it was added. */
    public boolean has(PackRow pack) {
        return ledger.read(handle -> handle.createQuery("SELECT charged FROM packs WHERE id = ?")
                .bind(0, pack.id())
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false));
    }
}
