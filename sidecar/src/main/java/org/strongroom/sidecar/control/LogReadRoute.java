package org.strongroom.sidecar.control;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.LogRead;

/** Commands that read the audit log: one event for each study that they ask for, so that it is found by it. */
final class LogReadRoute {
    private final Consumer<List<AuditEvent>> audit;

    /** @param audit returns when events are durable */
    LogReadRoute(Consumer<List<AuditEvent>> audit) {
        this.audit = audit;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("POST /log-reads", call -> {
            audit.accept(events(call.body(LogRead.class)));
            call.answer(Map.of());
        });
    }

    private static List<AuditEvent> events(LogRead read) {
        AuditEvent event = AuditEvent.of(AuditType.LOG_READ)
                .by(AuditEvent.COMMAND_LINE)
                .with("account", read.account())
                .with("way", read.how());
        return read.keys().isEmpty()
                ? List.of(event)
                : read.keys().stream().map(key -> event.with("key", key)).toList();
    }
}
