package org.strongroom.sidecar.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.DrillNotice;
import org.strongroom.core.control.DrillResult;

/** Trial recoveries, which a command with the keys makes. */
final class DrillRoute {
    private final Consumer<List<AuditEvent>> audit;

    /** @param audit returns when events are durable */
    DrillRoute(Consumer<List<AuditEvent>> audit) {
        this.audit = audit;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("POST /drills", call -> {
            audit.accept(List.of(event(call.body(DrillNotice.class))));
            call.answer(Map.of());
        });
    }

    private static AuditEvent event(DrillNotice notice) {
        DrillResult result = notice.result();
        AuditEvent event = AuditEvent.of(AuditType.DRILL)
                .by(AuditEvent.COMMAND_LINE)
                .with("account", notice.account())
                .with("tier", notice.tier())
                .with("keys", result.keys())
                .with("images", result.images())
                .with("bytes", result.bytes())
                .with("faults", result.faults())
                .with("point", Objects.toString(result.point(), "unknown"))
                .with("snapshot", Objects.toString(result.snapshot(), "none"))
                .with("secondsToList", Objects.toString(result.secondsToList(), "unknown"))
                .with("secondsToRead", Objects.toString(result.secondsToRead(), "unknown"));
        return result.proven() ? event : event.failed(result.reason());
    }
}
