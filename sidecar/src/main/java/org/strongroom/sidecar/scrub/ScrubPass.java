package org.strongroom.sidecar.scrub;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;

/** Records that every copy in a tier, but for archived ones, was read once more: who is asked for it later has more than that nothing was reported. For one thread. */
final class ScrubPass {
    private final MarkedTier marked;
    private final CopyTable copies;
    private final TierTable table;
    private final Consumer<AuditEvent> audit;

    ScrubPass(MarkedTier marked, CopyTable copies, TierTable table, Consumer<AuditEvent> audit) {
        this.marked = marked;
        this.copies = copies;
        this.table = table;
        this.audit = audit;
    }

    /** Asks the ledger alone. */
    void judge(Instant now) {
        Optional<Instant> oldest =
                copies.longestUnchecked(marked.name(), Set.of()).map(CopyRow::scrubbed);
        Optional<Instant> begun = table.remembered(begun()).map(Instant::parse);
        if (oldest.isEmpty()) {
            begun.ifPresent(at -> table.forget(begun())); // the first copies are read when it is their turn
        } else if (begun.filter(at -> !at.isAfter(now))
                .isEmpty()) { // a clock that was wrong for a while must not end it
            table.remember(begun(), now.toString());
        } else if (oldest.filter(begun.get()::isBefore).isPresent()
                && copies.suspects(marked.name(), 0, 1).isEmpty()) {
            table.remember(begun(), now.toString());
            audit.accept(AuditEvent.of(AuditType.TIER)
                    .by(AuditEvent.STRONGROOM)
                    .with("order", "scrubbed")
                    .with("tier", marked.name())
                    .with("since", begun.get())
                    .with("bytes", copies.readableBytes(marked.name())));
        }
    }

    private String begun() {
        return "scrub/pass/" + marked.name();
    }
}
