package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.time.Pulse;

/**
 * Closes a socket that does not get on, so that whoever waits for it fails: what is written to a socket waits for ever for a receiver that
 * reads nothing. Thread-safe.
 */
final class Stall implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stall.class);

    private final Socket socket;
    private final AtomicLong steps = new AtomicLong();
    private final Pulse pulse;
    private long seen = -1;

    /** @param longest without a step; at most twice as long passes until it is closed */
    Stall(Socket socket, Duration longest) {
        this.socket = socket;
        this.pulse = new Pulse("strongroom-forward-stall", longest, this::look);
    }

    /** It got on. */
    void step() {
        steps.incrementAndGet();
    }

    private void look() {
        long now = steps.get();
        if (now == seen) {
            close(socket);
        }
        seen = now;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a connection that stands still cannot be closed in order", e);
        }
    }

    /** Watches no more. */
    @Override
    public void close() {
        pulse.close();
    }
}
