package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A port whose connections reach another one from an address of their own, as from a machine of their own. On Linux every address
 * that begins with 127 is this machine.
 */
public final class Detour implements AutoCloseable {
    private static final int WAITING = 50;

    private final ServerSocket door;
    private final InetAddress from;
    private final int to;

    public Detour(String from, int to) {
        try {
            this.from = InetAddress.getByName(from);
            this.to = to;
            door = new ServerSocket(0, WAITING, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    private void accept() throws IOException {
        while (!door.isClosed()) {
            Socket caller = door.accept();
            Socket called = new Socket(InetAddress.getLoopbackAddress(), to, from, 0);
            start(() -> pass(caller, called));
            start(() -> pass(called, caller));
        }
    }

    private static void pass(Socket source, Socket target) throws IOException {
        try (target) {
            source.getInputStream().transferTo(target.getOutputStream());
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // The connection breaks off at both ends: whoever uses it notices.
                    }
                },
                "detour");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
