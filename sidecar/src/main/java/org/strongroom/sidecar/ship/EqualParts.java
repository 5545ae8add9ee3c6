package org.strongroom.sidecar.ship;

import org.strongroom.sidecar.ledger.TierTable;

/** Whether a tier was seen to demand that all parts of an upload but the last have one size, as R2 does; the ledger remembers it. */
final class EqualParts {
    private final String name;
    private final TierTable table;

    EqualParts(String tier, TierTable table) {
        this.name = "equal-parts/" + tier;
        this.table = table;
    }

    boolean areDemanded() {
        return table.remembered(name).isPresent();
    }

    /** It refused others. */
    void demand() {
        table.remember(name, "yes");
    }
}
