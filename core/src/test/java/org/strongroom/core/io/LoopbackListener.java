package org.strongroom.core.io;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A free TCP port of 127.0.0.1 and daemon threads, one for each connection: what lines between a client and a server begin with. */
public final class LoopbackListener implements Closeable {
    private static final int WAITING = 200;

    private final ServerSocket socket;
    private final String threads;

    /** @param threads what their names say */
    public LoopbackListener(String threads) throws IOException {
        this.threads = threads;
        this.socket = new ServerSocket(0, WAITING, InetAddress.getLoopbackAddress());
    }

    /** What is done with one connection; closing it is part of it. */
    public interface Connection {
        void serve(Socket client);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Serves every connection from now on, until {@link #close}. */
    public void accept(Connection each) {
        start(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    start(() -> each.serve(client));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
    }

    /** Another thread for a connection. */
    public Thread start(Runnable work) {
        Thread thread = new Thread(work, threads);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Open connections go on. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
