package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.strongroom.core.io.LoopbackListener;

/**
 * A TCP line to a server on this machine that counts what goes up, and when; it may carry so much in a second only, and break every
 * so often, all its connections at once.
 */
public final class MeasuredLine implements AutoCloseable {
    private static final int SLICE = 1 << 13;

    private final LoopbackListener listener = new LoopbackListener("measured-line");
    private final int target;
    private final long perSecond;
    private final List<long[]> seen = new ArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private final Thread scissors;
    private double credit;
    private long looked = System.nanoTime();

    /** @param cutEvery milliseconds; 0 for never */
    public MeasuredLine(int target, long perSecond, long cutEvery) throws IOException {
        this.target = target;
        this.perSecond = perSecond;
        listener.accept(this::serve);
        scissors = new Thread(() -> {
            try {
                while (cutEvery > 0) {
                    Thread.sleep(cutEvery);
                    cut();
                    cuts.incrementAndGet();
                }
            } catch (InterruptedException e) {
                return; // closed
            }
        });
        scissors.start();
    }

    public int port() {
        return listener.port();
    }

    /** All bytes that came from the client. */
    public synchronized long bytes() {
        return seen.stream().mapToLong(each -> each[1]).sum();
    }

    /** How often it broke. */
    public int cuts() {
        return cuts.get();
    }

    /** The most that came within a second. */
    public synchronized long worstSecond() {
        long worst = 0;
        long sum = 0;
        int first = 0;
        for (long[] each : seen) {
            sum += each[1];
            while (seen.get(first)[0] <= each[0] - 1_000_000_000L) {
                sum -= seen.get(first++)[1];
            }
            worst = Math.max(worst, sum);
        }
        return worst;
    }

    /** The most bytes that were ahead of an even {@code perSecond} since the first; who looks late sees less, never more. */
    public synchronized long lead(long perSecond) {
        long lead = 0;
        long sum = 0;
        for (long[] each : seen) {
            sum += each[1];
            double due = (each[0] - seen.get(0)[0]) / 1e9 * perSecond;
            lead = Math.max(lead, sum - (long) due);
        }
        return lead;
    }

    private void cut() {
        open.forEach(MeasuredLine::reset);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            return; // it was just closed
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            client.setReceiveBufferSize(1 << 18); // what waits in buffers is not on the line yet
            open.add(client);
            open.add(server);
            Thread request = listener.start(() -> copy(client, server, true));
            copy(server, client, false);
            request.join();
        } catch (IOException | InterruptedException e) {
            return; // a line that breaks is what this class is for
        } finally {
            open.removeIf(Socket::isClosed);
        }
    }

    private void copy(Socket from, Socket to, boolean up) {
        byte[] buffer = new byte[SLICE];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (up) {
                    carry(count);
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException | InterruptedException e) {
            return; // cut, or the other direction closed it
        }
    }

    private void carry(int count) throws InterruptedException {
        synchronized (this) {
            seen.add(new long[] {System.nanoTime(), count});
        }
        while (!may(count)) {
            Thread.sleep(1);
        }
    }

    private synchronized boolean may(int count) {
        long now = System.nanoTime();
        credit = Math.min(2 * SLICE, credit + (now - looked) / 1e9 * perSecond);
        looked = now;
        if (credit < count) {
            return false;
        }
        credit -= count;
        return true;
    }

    @Override
    public void close() throws IOException {
        scissors.interrupt();
        cut();
        listener.close();
    }
}
