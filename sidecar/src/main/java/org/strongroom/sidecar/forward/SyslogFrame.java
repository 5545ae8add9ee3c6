package org.strongroom.sidecar.forward;

import java.nio.charset.StandardCharsets;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditOutcome;

/** A syslog message (RFC 5424) around a DICOM audit message, as IHE ATNA has it. Stateless. */
final class SyslogFrame {
    /** Security and authorization, RFC 5424 §6.2.1. */
    private static final int FACILITY = 10;

    private static final int WARNING = 4;
    private static final int NOTICE = 5;
    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private SyslogFrame() {}

    /**
     * The message: what happened, when and as which entry is in its header, so that a receiver can tell a repeated one.
     *
     * @param host our name, printable ASCII
     */
    static byte[] message(AuditEntry entry, String host, byte[] xml) {
        int severity = entry.event().outcome() == AuditOutcome.SUCCESS ? NOTICE : WARNING;
        String header = "<" + (FACILITY * 8 + severity) + ">1 " + entry.time() + " " + host + " strongroom "
                + ProcessHandle.current().pid() + " IHE+RFC-3881 [strongroom@32473 id=\"" + entry.id() + "\"] ";
        byte[] start = header.getBytes(StandardCharsets.US_ASCII);
        byte[] message = new byte[start.length + BOM.length + xml.length];
        System.arraycopy(start, 0, message, 0, start.length);
        System.arraycopy(BOM, 0, message, start.length, BOM.length);
        System.arraycopy(xml, 0, message, start.length + BOM.length, xml.length);
        return message;
    }

    /** The message for a stream (RFC 5425): its length, a blank, itself. */
    static byte[] counted(byte[] message) {
        byte[] length = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[length.length + message.length];
        System.arraycopy(length, 0, frame, 0, length.length);
        System.arraycopy(message, 0, frame, length.length, message.length);
        return frame;
    }
}
