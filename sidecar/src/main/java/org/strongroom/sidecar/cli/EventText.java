package org.strongroom.sidecar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.sidecar.audit.LogEntry;

/** One event of the log, for people and for programs. Stateless. */
final class EventText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EventText() {}

    /** {@code 17 2026-11-26T08:00:00Z delete success by orthanc (attachment …)}. */
    static String of(long index, AuditEntry entry) {
        AuditEvent event = entry.event();
        StringBuilder text = new StringBuilder()
                .append(index)
                .append(' ')
                .append(entry.time())
                .append(' ')
                .append(event.type().wire())
                .append(' ')
                .append(event.outcome().wire());
        event.principal().ifPresent(who -> text.append(" by ").append(who));
        event.tenant().ifPresent(tenant -> text.append(", tenant ").append(tenant));
        event.aet().ifPresent(title -> text.append(", AET ").append(title));
        event.address().ifPresent(address -> text.append(", from ").append(address));
        event.reason().ifPresent(reason -> text.append(": ").append(reason));
        List<String> details = new ArrayList<>();
        event.details().forEach((name, value) -> details.add(name + " " + value));
        if (entry.stepMillis() != 0) {
            details.add("the clock was set by " + entry.stepMillis() + " ms");
        }
        return details.isEmpty() ? text.toString() : text + " (" + String.join(", ", details) + ")";
    }

    /** The entry as it is stored, members that this version does not know as well, and its index. */
    static JsonNode json(LogEntry entry) {
        try {
            ObjectNode node = JSON.createObjectNode().put("index", entry.index());
            for (Map.Entry<String, JsonNode> member :
                    JSON.readTree(entry.json()).properties()) {
                node.set(member.getKey(), member.getValue());
            }
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException("an entry that was read before", e);
        }
    }
}
