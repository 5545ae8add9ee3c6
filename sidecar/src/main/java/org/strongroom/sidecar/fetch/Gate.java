package org.strongroom.sidecar.fetch;

import java.io.InterruptedIOException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.uplink.Uplink;

/** Lets reading ahead, and whatever is sent, wait while somebody waits for bytes. Thread-safe. */
final class Gate {
    /** So that a waiting stream's connection is not given up by the store. */
    private static final long LONGEST_PAUSE = 5_000;

    private final RunningTime time;
    private final Uplink uplink;
    private int demanding;

    Gate(RunningTime time, Uplink uplink) {
        this.time = time;
        this.uplink = uplink;
    }

    synchronized void demand(int change) {
        demanding += change;
        uplink.reading(change);
        notifyAll();
    }

    /** Waits a little while others demand something. */
    synchronized void giveWay() throws InterruptedIOException {
        try {
            long end = time.now().toMillis() + LONGEST_PAUSE;
            for (long left = LONGEST_PAUSE;
                    demanding > 0 && left > 0;
                    left = end - time.now().toMillis()) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for other reads");
        }
    }
}
