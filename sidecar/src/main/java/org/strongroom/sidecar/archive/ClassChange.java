package org.strongroom.sidecar.archive;

import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.sidecar.ledger.PackRow;

/** The event that a pack has gone to another storage class of its tier. Stateless. */
final class ClassChange {
    private ClassChange() {}

    static AuditEvent event(String tier, PackRow pack, String storageClass) {
        return AuditEvent.of(AuditType.TIER)
                .by(AuditEvent.STRONGROOM)
                .with("order", "class")
                .with("tier", tier)
                .with("pack", pack.pack())
                .with("key", pack.key())
                .with("class", storageClass);
    }
}
