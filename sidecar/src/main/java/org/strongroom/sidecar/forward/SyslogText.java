package org.strongroom.sidecar.forward;

import java.util.UUID;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.sidecar.audit.LogEntry;

/**
 * Events as syslog messages of one installation. Immutable.
 *
 * @param host our name
 */
record SyslogText(UUID installation, String host) {
    private static final int LONGEST_HOST = 255;

    SyslogText {
        host = host.replaceAll("[^!-~]", "-");
        host = host.isEmpty() ? "-" : host.length() > LONGEST_HOST ? host.substring(0, LONGEST_HOST) : host;
    }

    byte[] of(LogEntry event) {
        AuditEntry entry = event.entry();
        return SyslogFrame.message(entry, host, AuditMessage.of(entry, installation.toString()));
    }
}
