package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.uplink.Uplink;

/** Syslog over UDP (RFC 5426): sent is all that can be said of it. */
final class SyslogUdp implements Destination {
    /** Receivers' buffers are small: more would be lost. */
    private static final int MOST = 100;

    private final URI address;
    private final SyslogText text;
    private final Uplink uplink;

    SyslogUdp(URI address, SyslogText text, Uplink uplink) {
        this.address = address;
        this.text = text;
        this.uplink = uplink;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public boolean takesMoreAtOnce() {
        return false;
    }

    @Override
    public void send(List<LogEntry> events) throws IOException {
        InetAddress host = InetAddress.getByName(address.getHost());
        try (DatagramSocket socket = new DatagramSocket()) {
            for (LogEntry event : events) {
                byte[] message = text.of(event);
                uplink.spend(message.length);
                socket.send(new DatagramPacket(message, message.length, host, address.getPort()));
            }
        }
    }
}
