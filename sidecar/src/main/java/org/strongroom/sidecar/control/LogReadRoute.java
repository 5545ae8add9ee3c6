package org.strongroom.sidecar.control;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.control.LogRead;
import org.strongroom.sidecar.audit.LogReads;

/** Commands that read the audit log: one event for each study that they ask for, so that it is found by it. */
final class LogReadRoute {
    private final Consumer<List<AuditEvent>> audit;

    /** @param audit returns when events are durable */
    LogReadRoute(Consumer<List<AuditEvent>> audit) {
        this.audit = audit;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("POST /log-reads", call -> {
            audit.accept(LogReads.events(call.body(LogRead.class)));
            call.answer(Map.of());
        });
    }
}
