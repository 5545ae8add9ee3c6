package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Storage classes that copies were moved to by their age. Thread-safe. */
public final class ClassTable {
    private final Ledger ledger;

    public ClassTable(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * The oldest received copy of a tier that is in none of these classes and in no archive, of which Orthanc has an image or a hold is on it, and
     * whose study was neither stored nor opened since {@code before}.
     *
     * @param behind of packs behind this number of the ledger
     * @param reached the class that it is to go to, and those that it would go to later
     */
    public Optional<CopyRow> nextDue(String tier, Instant before, long behind, Collection<String> reached) {
        return ledger.read(handle -> handle.createQuery(CopyRow.SELECT
                        + "JOIN packs p ON p.id = c.pack JOIN studies s ON s.id = p.study"
                        + " WHERE c.tier = (SELECT id FROM tiers WHERE name = :tier) AND c.state = 4 AND c.away = 0"
                        + " AND c.pack > :behind AND p.settled = 1 AND p.created <= :before AND s.used <= :before"
                        + " AND " + PackTable.WANTED
                        + " AND (c.class IS NULL OR c.class NOT IN (<reached>)) ORDER BY c.pack LIMIT 1")
                .bindList("reached", reached.stream().toList())
                .bind("tier", tier)
                .bind("before", before)
                .bind("behind", behind)
                .map(CopyRow.MAPPER)
                .findOne());
    }

    /**
     * A received copy is in this class now.
     *
     * @return 0 if it is none any more, otherwise 1
     */
    public int moved(CopyRow copy, String storageClass) {
        return ledger.write(handle -> handle.execute(
                "UPDATE copies SET class = ? WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) AND state = 4",
                storageClass,
                copy.pack(),
                copy.tier()));
    }

    /** How many packs of a tier are in each. */
    public Map<String, Long> counts(String tier) {
        return ledger.read(handle -> {
            Map<String, Long> counts = new TreeMap<>();
            handle.createQuery("SELECT class, packs FROM class_totals"
                            + " WHERE tier = (SELECT id FROM tiers WHERE name = ?) AND packs > 0")
                    .bind(0, tier)
                    .map((row, context) -> counts.put(row.getString("class"), row.getLong("packs")))
                    .list();
            return counts;
        });
    }
}
