package org.strongroom.plugin.gate;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;

/** Records what users have Orthanc do, and what of it is refused only once its body was read. Thread-safe. */
final class OrderEvents {
    private final Peers peers;
    private final Consumer<AuditEvent> audit;

    /**
     * @param peers know where a request comes from
     * @param audit returns when an event is durable
     */
    OrderEvents(Peers peers, Consumer<AuditEvent> audit) {
        this.peers = peers;
        this.audit = audit;
    }

    AuditEvent of(AuditType type, Principal principal, RestRequest request) {
        AuditEvent event = AuditEvent.of(type).by(principal.name()).with("way", "rest");
        String address = peers.of(request.headers());
        return address.isEmpty() ? event : event.fromAddress(address);
    }

    void record(AuditEvent event) {
        audit.accept(event);
    }

    /** Does it; if that is refused, a denial is recorded before anybody is told. */
    RestAnswer orDenial(Principal principal, RestRequest request, Supplier<RestAnswer> work) {
        try {
            return work.get();
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.REFUSED) {
                record(of(AuditType.DENIAL, principal, request).refused(e.text()));
            }
            throw e;
        }
    }
}
