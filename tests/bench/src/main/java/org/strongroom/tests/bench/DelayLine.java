package org.strongroom.tests.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.strongroom.core.io.LoopbackListener;

/**
 * A line to an HTTP server on this machine that is as far away as told: every byte arrives half a round trip later, a connection
 * takes one round trip to make, and the width of the line is not limited. Counts requests, connections and bytes. Thread-safe.
 */
final class DelayLine implements Closeable {
    private static final int CHUNK = 1 << 16;
    /** Chunks on the way: enough for 64 MB, so that latency does not limit the width. */
    private static final int WINDOW = 1024;

    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long POLL_NANOS = 20_000_000;

    private final LoopbackListener listener = new LoopbackListener("delay-line");
    private final int target;
    private final Exchanges exchanges = new Exchanges();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private volatile long oneWayNanos;

    DelayLine(int target) throws IOException {
        this.target = target;
        listener.accept(this::serve);
    }

    int port() {
        return listener.port();
    }

    /** Sets the round trip, for what is sent from now on. */
    void roundTrip(int milliseconds) {
        oneWayNanos = milliseconds * 500_000L;
    }

    /** What has passed since the line was made. */
    record Traffic(long requests, long connections, long up, long down) {
        Traffic since(Traffic before) {
            return new Traffic(
                    requests - before.requests, connections - before.connections, up - before.up, down - before.down);
        }
    }

    Traffic traffic() {
        return new Traffic(requests.get(), connections.get(), up.get(), down.get());
    }

    /** What was asked since {@link Exchanges#forget}. */
    Exchanges exchanges() {
        return exchanges;
    }

    /** Returns when nothing has passed for a while: what reads ahead has come to its end. */
    void awaitQuiet() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long quiet = QUIET.toNanos() + 10 * oneWayNanos;
        Traffic last = traffic();
        for (long since = System.nanoTime(); System.nanoTime() - since < quiet; LockSupport.parkNanos(POLL_NANOS)) {
            Traffic now = traffic();
            if (!now.equals(last)) {
                last = now;
                since = System.nanoTime();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the line to the store is busy for " + PATIENCE + " though nobody asks");
            }
        }
    }

    private record Chunk(ByteBuffer bytes, long due) {}

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            AtomicBoolean answered = new AtomicBoolean(true);
            AtomicLong asked = new AtomicLong();
            long accepted = System.nanoTime();
            long connected = accepted + 2 * oneWayNanos;
            connections.incrementAndGet();
            exchanges.add(accepted, connected);
            Thread request = listener.start(() -> pass(client, server, connected, bytes -> {
                up.addAndGet(bytes.length);
                if (isRequest(bytes) && answered.getAndSet(false)) {
                    requests.incrementAndGet();
                    asked.set(Math.max(System.nanoTime(), connected));
                }
            }));
            pass(server, client, connected, bytes -> {
                down.addAndGet(bytes.length);
                if (!answered.getAndSet(true)) {
                    exchanges.add(asked.get(), System.nanoTime() + oneWayNanos);
                }
            });
            request.join();
        } catch (IOException | InterruptedException e) {
            return; // the client or the server went away
        }
    }

    private interface Watch {
        void on(byte[] bytes);
    }

    private void pass(Socket from, Socket to, long notBefore, Watch watch) {
        BlockingQueue<Chunk> line = new ArrayBlockingQueue<>(WINDOW);
        Thread far = listener.start(() -> deliver(line, to));
        try {
            byte[] buffer = new byte[CHUNK];
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                byte[] bytes = Arrays.copyOf(buffer, count);
                watch.on(bytes);
                line.put(new Chunk(ByteBuffer.wrap(bytes), Math.max(System.nanoTime(), notBefore) + oneWayNanos));
            }
        } catch (IOException e) {
            // the connection ends for both below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            line.put(new Chunk(ByteBuffer.allocate(0), System.nanoTime() + oneWayNanos));
            far.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until a chunk without bytes: the end. */
    private static void deliver(BlockingQueue<Chunk> line, Socket to) {
        try (to) {
            WritableByteChannel out = Channels.newChannel(to.getOutputStream());
            for (Chunk chunk = line.take(); chunk.bytes.hasRemaining(); chunk = line.take()) {
                for (long left = chunk.due - System.nanoTime(); left > 0; left = chunk.due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(chunk.bytes);
            }
        } catch (IOException e) {
            line.clear(); // whoever puts more is not kept waiting
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A body that follows "100 Continue" is no request of its own. */
    private static boolean isRequest(byte[] bytes) {
        String start = new String(bytes, 0, Math.min(8, bytes.length), java.nio.charset.StandardCharsets.ISO_8859_1);
        return start.startsWith("GET /")
                || start.startsWith("PUT /")
                || start.startsWith("HEAD /")
                || start.startsWith("POST /")
                || start.startsWith("DELETE /");
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
