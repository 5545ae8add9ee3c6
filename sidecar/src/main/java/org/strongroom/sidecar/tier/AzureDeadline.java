package org.strongroom.sidecar.tier;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.strongroom.core.time.RunningTime;

/**
 * The end of a request that does not move. While its body waits for the uplink, because people read or the timetable says so, it is
 * not the service's turn, and its time stands still. Thread-safe.
 */
final class AzureDeadline implements AutoCloseable {
    private final HttpUriRequestBase request;
    private final Duration silence;
    private final RunningTime time;
    /** Since when it is the service's turn; null while it is not. */
    private volatile Duration since;

    private volatile boolean passed;
    private Future<?> looks;

    AzureDeadline(HttpUriRequestBase request, Duration silence, RunningTime time) {
        this.request = request;
        this.silence = silence;
        this.time = time;
        this.since = time.now();
    }

    /** @param looking what calls {@link #look} */
    synchronized void ends(Future<?> looking) {
        looks = looking;
    }

    /** The same bytes; every one of them that the client takes begins the time anew. */
    InputStream watched(InputStream body) {
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                since = null;
                try {
                    return super.read(target, offset, length);
                } finally {
                    since = time.now();
                }
            }
        };
    }

    /** Breaks the request off if its time has passed. */
    void look() {
        Duration turn = since;
        if (turn != null && time.now().minus(turn).compareTo(silence) >= 0) {
            passed = true;
            request.cancel();
        }
    }

    boolean passed() {
        return passed;
    }

    @Override
    public synchronized void close() {
        looks.cancel(false);
    }
}
