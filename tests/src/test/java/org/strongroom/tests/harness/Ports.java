package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Ports of 127.0.0.1 that nobody listens on, each given out once. Thread-safe. */
public final class Ports {
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    public static synchronized int free() {
        while (true) {
            int port = probe(0);
            if (GIVEN.add(port)) {
                return port;
            }
        }
    }

    /** The first free one from {@code first} on: easier to remember. */
    public static synchronized int from(int first) {
        int port = first;
        while (probe(port) == 0 || !GIVEN.add(port)) {
            port++;
        }
        return port;
    }

    /** The port, if it can be listened on; 0 if not. */
    private static int probe(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (BindException taken) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
