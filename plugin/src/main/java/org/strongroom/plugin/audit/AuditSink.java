package org.strongroom.plugin.audit;

import org.strongroom.core.audit.AuditEvent;

/** Where events go that must not fail for want of a disk. Obligations: safe for several threads. */
@FunctionalInterface
public interface AuditSink {
    /** Durable on return, as far as the disk takes it. */
    void record(AuditEvent event);

    /** As {@link #record}, but durable only after {@link #sync}: for many events that nobody waits for. */
    default void write(AuditEvent event) {
        record(event);
    }

    /** Returns when everything that was written before is durable, as far as the disk takes it. */
    default void sync() {}
}
