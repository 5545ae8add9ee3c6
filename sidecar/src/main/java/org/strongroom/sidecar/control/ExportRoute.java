package org.strongroom.sidecar.control;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.ExportNotice;

/** Exports in clear, which a command with the keys makes: one event for each study, so that they are found by it. */
final class ExportRoute {
    private final Consumer<List<AuditEvent>> audit;

    /** @param audit returns when events are durable */
    ExportRoute(Consumer<List<AuditEvent>> audit) {
        this.audit = audit;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("POST /exports", call -> {
            audit.accept(events(call.body(ExportNotice.class)));
            call.answer(Map.of());
        });
    }

    private static List<AuditEvent> events(ExportNotice notice) {
        AuditEvent event = AuditEvent.of(AuditType.EXPORT)
                .by(AuditEvent.COMMAND_LINE)
                .with("export", notice.export())
                .with("account", notice.account())
                .with("phase", notice.end() == null ? "begin" : "end");
        if (notice.end() != null) {
            event = event.with("images", notice.end().images())
                    .with("bytes", notice.end().bytes())
                    .with("written", notice.end().written());
            event = notice.end().whole() ? event : event.failed("not everything was written and read back");
        }
        AuditEvent told = event;
        return notice.keys().isEmpty()
                ? List.of(told.with("what", "all"))
                : notice.keys().stream().map(key -> told.with("key", key)).toList();
    }
}
