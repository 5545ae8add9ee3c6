package org.strongroom.sidecar.forward;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.strongroom.sidecar.audit.LogEntry;

/** Entries as they are recorded, one a line. Stateless. */
final class JsonLines {
    private JsonLines() {}

    static byte[] of(List<LogEntry> events) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (LogEntry event : events) {
            lines.writeBytes(event.json());
            lines.write('\n');
        }
        return lines.toByteArray();
    }
}
