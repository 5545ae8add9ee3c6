package org.strongroom.plugin.audit;

import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;

/** Records that the plugin starts, with which settings if they are others than last time, and that it stops. */
public final class Runs implements AutoCloseable {
    private final AuditTap audit;

    private Runs(AuditTap audit) {
        this.audit = audit;
    }

    /**
     * A start.
     *
     * @param before settings of the last start, empty if there was none
     * @param now settings of this one
     */
    public static Runs begin(AuditTap audit, Optional<String> before, String now) {
        audit.record(AuditEvent.of(AuditType.START).by(AuditEvent.STRONGROOM));
        before.filter(old -> !old.equals(now)).ifPresent(old -> audit.record(SettingsDifference.event(old, now)));
        return new Runs(audit);
    }

    /** The stop. */
    @Override
    public void close() {
        audit.record(AuditEvent.of(AuditType.STOP).by(AuditEvent.STRONGROOM));
    }
}
