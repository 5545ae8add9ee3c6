package org.strongroom.plugin.directory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Connections to one host on which nothing is said before its certificate was found to be signed by who is trusted, and for that host's
 * name (RFC 4513 §3.1.3); and within a time. What the library would do by itself trusts reverse DNS, and waits longer. Thread-safe.
 */
final class TlsSockets extends SSLSocketFactory {
    private final SSLSocketFactory tls;
    private final String host;
    private final int milliseconds;

    /** @param timeout of each step */
    TlsSockets(SSLContext tls, String host, Duration timeout) {
        this.tls = tls.getSocketFactory();
        this.host = host;
        this.milliseconds = (int) timeout.toMillis();
    }

    /** The library asks for a connected one, then. */
    @Override
    public Socket createSocket() throws SocketException {
        throw new SocketException("not without an address");
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(address, port), milliseconds);
            return createSocket(plain, host, port, true);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /** For StartTLS. */
    @Override
    public Socket createSocket(Socket plain, String ignored, int port, boolean autoClose) throws IOException {
        plain.setSoTimeout(milliseconds);
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, port, autoClose);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("LDAPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("nobody chooses the local address");
    }

    @Override
    public Socket createSocket(String name, int port) throws IOException {
        return createSocket(InetAddress.getByName(name), port);
    }

    @Override
    public Socket createSocket(String name, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("nobody chooses the local address");
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }
}
