package org.strongroom.sidecar.ship;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.TenantWraps;
import org.strongroom.core.home.Rewrapped;

/**
 * Whether what a keyring has of a segment now can take the place of what bundles hold: their tenants' records are wrapped anew with each
 * root key, all of them with each key of their tenant. Immutable.
 */
record BundleSuccession(List<KeyRecord> now, Rewrapped rewrapped) {
    /** Why these cannot be done without; empty if they can. */
    Optional<String> whyNot(Set<KeyRecord> carried) {
        Map<UUID, KeyRecord> here = new HashMap<>();
        now.forEach(record -> here.put(record.label().id(), record));
        for (KeyRecord record : carried) {
            KeyRecord kept = here.get(record.label().id());
            if (kept == null) {
                return Optional.of("a key bundle holds keys that the keyring lacks: nothing is deleted");
            }
            if (record.label().kind() == KeyKind.TENANT && !isCovered(record, newest(record))) {
                return Optional.of(
                        "a key bundle has another wrap to the recovery key than the keyring: nothing is deleted");
            }
            boolean isDestroyed = record.label().kind() == KeyKind.DESTROYED;
            if (isDestroyed && kept.label().kind() != KeyKind.DESTROYED) {
                return Optional.of(
                        "a key bundle says that a key is destroyed which the keyring has: nothing is deleted");
            }
            boolean isStudys =
                    record.label().kind() == KeyKind.STUDY || record.label().kind() == KeyKind.ATTACHMENT;
            if (isStudys
                    && kept.label().kind() != KeyKind.DESTROYED
                    && !kept.equals(record)
                    && !rewrapped.isSuccessor(record, kept)) {
                return Optional.of("a key bundle and the keyring disagree, a record differs: nothing is deleted");
            }
        }
        return Optional.empty();
    }

    /**
     * Whether the newest key of a tenant is the one that took the place of this: also where this one is still in the keyring, for without the newest
     * one's wrap to the recovery key nothing opens that is under it.
     */
    private boolean isCovered(KeyRecord tenant, KeyRecord newest) {
        return newest.label().epoch() == tenant.label().epoch()
                ? TenantWraps.areOfOneTenant(newest, tenant)
                : rewrapped.isSuccessor(tenant, newest);
    }

    private KeyRecord newest(KeyRecord tenant) {
        return now.stream()
                .filter(record -> record.label().id().equals(tenant.label().id()))
                .max(Comparator.comparing(record -> record.label().epoch()))
                .orElse(tenant);
    }
}
