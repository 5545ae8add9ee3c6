package org.strongroom.sidecar.forward;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Syslog over TLS (RFC 5425), octet counted. That protocol has no receipts: so a connection carries one batch, and counts only if the
 * receiver, told that nothing more comes, has read all of it and closed its end in order. What was killed meanwhile gets the batch again.
 */
final class SyslogTls implements Destination {
    private static final int MOST = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(SyslogTls.class);
    private static final Duration WELCOME = Duration.ofMillis(700);
    private static final Duration CONNECT = Duration.ofSeconds(20);
    /** A slow receiver may need long for a batch, but must take something now and then, */
    private static final Duration STALLED = Duration.ofMinutes(2);
    /** and come to its end. */
    private static final Duration CLOSE = Duration.ofMinutes(5);

    private final URI address;
    private final SSLSocketFactory tls;
    private final SyslogText text;
    private final Uplink uplink;

    SyslogTls(URI address, SSLSocketFactory tls, SyslogText text, Uplink uplink) {
        this.address = address;
        this.tls = tls;
        this.text = text;
        this.uplink = uplink;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public void send(List<LogEntry> events) throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) CONNECT.toMillis());
            plain.setSoTimeout((int) CONNECT.toMillis());
            try (SSLSocket socket = (SSLSocket) tls.createSocket(plain, address.getHost(), address.getPort(), false)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate must be of this host
                parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                requireWelcome(socket);
                try (Stall stall = new Stall(plain, STALLED)) {
                    write(events, socket.getOutputStream(), stall);
                    plain.setSoTimeout((int) CLOSE.toMillis());
                    socket.shutdownOutput();
                }
                awaitEnd(socket.getInputStream());
                // Who goes away without having read all of it resets the connection.
                awaitEnd(plain.getInputStream());
            }
        }
    }

    private void write(List<LogEntry> events, OutputStream to, Stall stall) throws IOException {
        OutputStream out = new BufferedOutputStream(to, 1 << 13);
        for (LogEntry event : events) {
            byte[] message = SyslogFrame.counted(text.of(event));
            uplink.spend(message.length);
            out.write(message);
            stall.step();
        }
        out.flush();
    }

    /** With TLS 1.3 a receiver looks at our certificate when the handshake is over for us, and closes if it is not wanted. */
    private static void requireWelcome(SSLSocket socket) throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout((int) WELCOME.toMillis());
        try {
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the receiver closed at once: it may not know our certificate");
            }
        } catch (SocketTimeoutException e) {
            LOG.trace("it is open", e);
        }
        socket.setSoTimeout(before);
    }

    /** Receivers say nothing; the end of it is what they say last. */
    private static void awaitEnd(InputStream in) throws IOException {
        byte[] said = new byte[256];
        while (in.read(said) >= 0) {
            // whatever it is
        }
    }
}
