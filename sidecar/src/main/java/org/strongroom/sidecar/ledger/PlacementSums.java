package org.strongroom.sidecar.ledger;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What tiers hold, measured by what they are to hold: to leave one, and to find what is where it is not to be. Thread-safe. */
public final class PlacementSums {
    private final Ledger ledger;
    private final Wanted wanted;

    /** @param wanted which tenants' packs a tier is to have */
    public PlacementSums(Ledger ledger, Wanted wanted) {
        this.ledger = ledger;
        this.wanted = wanted;
    }

    /**
     * How far one tier has what another one holds, or those tiers have it where it is wanted instead.
     *
     * @param packs that the one holds or was to hold
     * @param done of them, those with a receipt of the other; of a tenant's that does not go there, those with receipts of all of its tiers
     */
    public record Handover(long packs, long bytes, long done, long doneBytes) {
        private Handover plus(Handover more) {
            return new Handover(packs + more.packs, bytes + more.bytes, done + more.done, doneBytes + more.doneBytes);
        }
    }

    /** Costs a look at every copy in {@code from}. */
    public Handover handover(String from, String to) {
        return ledger.read(handle -> {
            Handover sum = new Handover(0, 0, 0, 0);
            for (UUID owner : TierTable.owners(handle)) {
                sum = sum.plus(
                        handover(handle, from, owner, wanted.isWanted(owner, to) ? List.of(to) : tiers(handle, owner)));
            }
            return sum;
        });
    }

    /** Tiers that take copies, and are to have a tenant's. */
    private List<String> tiers(Handle handle, UUID owner) {
        return handle.createQuery("SELECT name FROM tiers WHERE takes = 1").mapTo(String.class).stream()
                .filter(tier -> wanted.isWanted(owner, tier))
                .toList();
    }

    /** @param to all of these; without any nothing is done */
    private static Handover handover(Handle handle, String from, UUID owner, List<String> to) {
        return handle.createQuery(
                        "SELECT count(*) AS packs, coalesce(sum(bytes), 0) AS bytes, count(*) FILTER (WHERE receipts ="
                                + " :all) AS done, coalesce(sum(bytes) FILTER (WHERE receipts = :all), 0) AS done_bytes"
                                + " FROM (SELECT p.bytes, (SELECT count(*) FROM copies n JOIN tiers t ON t.id = n.tier"
                                + " WHERE n.pack = o.pack AND n.state = 4 AND t.name IN (<to>)) AS receipts FROM copies o"
                                + " JOIN packs p ON p.id = o.pack JOIN studies s ON s.id = p.study WHERE o.tier = (SELECT"
                                + " id FROM tiers WHERE name = :from) AND o.state < 6 AND s.owner = :owner)")
                .bindList("to", to.isEmpty() ? List.of("") : to)
                .bind("all", to.isEmpty() ? 1 : to.size())
                .bind("from", from)
                .bind("owner", owner)
                .map((row, context) -> new Handover(
                        row.getLong("packs"), row.getLong("bytes"), row.getLong("done"), row.getLong("done_bytes")))
                .one();
    }

    /** Packs, and their bytes. */
    public record Surplus(long packs, long bytes) {}

    /**
     * What a tier holds of tenants whose packs it is not to have. Costs a look at every pack of theirs.
     *
     * @param except what was sealed for this one, and is another one's now, is not counted
     */
    public Surplus surplus(String tier, Optional<UUID> except) {
        return ledger.read(handle -> {
            long packs = 0;
            long bytes = 0;
            for (UUID owner : TierTable.owners(handle)) {
                if (!wanted.isWanted(owner, tier)) {
                    Surplus its = surplus(handle, tier, owner, except);
                    packs += its.packs;
                    bytes += its.bytes;
                }
            }
            return new Surplus(packs, bytes);
        });
    }

    private static Surplus surplus(Handle handle, String tier, UUID owner, Optional<UUID> except) {
        return handle.createQuery("SELECT count(*) AS packs, coalesce(sum(p.bytes), 0) AS bytes FROM studies s JOIN"
                        + " packs p ON p.study = s.id JOIN copies c ON c.pack = p.id WHERE s.owner = :owner AND c.tier = (SELECT"
                        + " id FROM tiers WHERE name = :tier) AND c.state BETWEEN 2 AND 5 AND (s.tenant = s.owner OR s.tenant IS"
                        + " NOT :except)")
                .bind("except", except.orElse(null))
                .bind("owner", owner)
                .bind("tier", tier)
                .map((row, context) -> new Surplus(row.getLong("packs"), row.getLong("bytes")))
                .one();
    }
}
