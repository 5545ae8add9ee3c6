package org.strongroom.sidecar.fsck;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.strongroom.sidecar.ledger.Inventory.Held;
import org.strongroom.sidecar.ledger.Inventory.Item;

/**
 * What everybody says of the attachments of one shard.
 *
 * @param index what Orthanc knows; nothing if it could not be asked
 * @param asked whether it could
 * @param ledger by uuid
 * @param tombstones that the journal holds
 * @param bad copies that a tier does not hold as it should, by tier and pack
 */
record Facts(
        Attachments.Shard index,
        boolean asked,
        LocalShard local,
        Map<UUID, Item> ledger,
        Set<UUID> tombstones,
        Map<String, Map<UUID, TierObjects.Bad>> bad) {

    /** Every uuid that anybody knows, but for those that only the journal does. */
    Set<UUID> all() {
        Set<UUID> all = new HashSet<>(index.sealed());
        all.addAll(index.clear());
        all.addAll(ledger.keySet());
        all.addAll(local.spool());
        all.addAll(local.cache());
        all.addAll(local.heads());
        return all;
    }

    boolean isForgotten(UUID uuid) {
        Item item = ledger.get(uuid);
        return tombstones.contains(uuid) || (item != null && item.file().removed() != null);
    }

    /** Whether Orthanc has it. Without its index the ledger must be believed. */
    boolean isLiving(UUID uuid) {
        return asked
                ? index.sealed().contains(uuid) || index.clear().contains(uuid)
                : ledger.containsKey(uuid) && !isForgotten(uuid);
    }

    /** What is wrong with the copy; null if nothing is. */
    TierObjects.Bad bad(Held held) {
        TierObjects.Bad seen = bad.getOrDefault(held.tier(), Map.of()).get(held.pack());
        return seen == null && held.suspect() ? TierObjects.Bad.SUSPECT : seen;
    }
}
