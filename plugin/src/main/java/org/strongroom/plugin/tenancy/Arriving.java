package org.strongroom.plugin.tenancy;

import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.bridge.ArrivalContext;

/** Where something comes from, as the audit log says it. Stateless. */
public final class Arriving {
    private Arriving() {}

    /**
     * An event about something that comes in: by the user who uploads it, from their address; by Orthanc from the title of who sends it, or
     * which Orthanc makes itself.
     */
    public static AuditEvent event(AuditType type, ArrivalContext source) {
        AuditEvent event = AuditEvent.of(type).by(Sender.asker(source.token()));
        AuditEvent from = source.remoteAet().isEmpty() ? event : event.fromAet(source.remoteAet());
        return Sender.parse(source.token())
                .map(Sender::address)
                .filter(address -> !address.isEmpty())
                .map(from::fromAddress)
                .orElse(from);
    }
}
