package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports of 127.0.0.1 that nobody listens on, each given out once. They lie below those that the system gives out itself (from 32768 on),
 * and each of up to six test processes has its own: a port is free for a while between being found and being used. Thread-safe.
 */
public final class Ports {
    private static final int FIRST = 10_000;
    private static final int EACH = 3_700;
    private static final Set<Integer> GIVEN = new HashSet<>();
    private static int next = FIRST + EACH * (fork() - 1) + new Random().nextInt(EACH / 2);

    private Ports() {}

    /** @throws NumberFormatException if the build has not said which: all forks would take each other's ports */
    static int fork() {
        return Integer.parseInt(System.getProperty("strongroom.fork", "fork 1").replaceFirst("fork ", ""));
    }

    public static synchronized int free() {
        next = from(next + 1);
        return next;
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
