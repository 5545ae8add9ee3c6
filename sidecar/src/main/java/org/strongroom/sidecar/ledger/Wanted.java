package org.strongroom.sidecar.ledger;

import java.util.UUID;

/** Whether a tier is to have the packs of a tenant. Thread-safe. */
@FunctionalInterface
public interface Wanted {
    /** Every tier is to have everybody's. */
    Wanted EVERYWHERE = (owner, tier) -> true;

    /** @param owner id of the tenant whose the study is now */
    boolean isWanted(UUID owner, String tier);
}
