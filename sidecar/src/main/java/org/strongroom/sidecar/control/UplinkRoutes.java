package org.strongroom.sidecar.control;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.UplinkRequest;
import org.strongroom.sidecar.limit.TemporaryLimit;

/** What the uplink may and does, and another limit for a while: an order, since a line that is off takes no anchors either. */
final class UplinkRoutes {
    private final TemporaryLimit limit;
    private final Consumer<List<AuditEvent>> audit;

    /** @param audit returns when events are durable */
    UplinkRoutes(TemporaryLimit limit, Consumer<List<AuditEvent>> audit) {
        this.limit = limit;
        this.audit = audit;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("GET /uplink", call -> call.answer(limit.status()));
        routes.put("POST /uplink", this::order);
    }

    private void order(Call call) throws IOException {
        UplinkRequest request = call.body(UplinkRequest.class);
        AuditEvent event = AuditEvent.of(AuditType.SETTINGS)
                .by(AuditEvent.COMMAND_LINE)
                .with("order", "uplink")
                .with("limit", request.limit() == null ? "as in the settings" : request.limit());
        audit.accept(List.of(request.seconds() == null ? event : event.with("seconds", request.seconds())));
        call.answer(limit.order(request));
    }
}
