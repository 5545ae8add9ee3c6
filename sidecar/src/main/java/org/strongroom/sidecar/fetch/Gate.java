package org.strongroom.sidecar.fetch;

import java.io.InterruptedIOException;

/** Lets reading ahead wait while somebody waits for bytes. Thread-safe. */
final class Gate {
    /** So that a waiting stream's connection is not given up by the store. */
    private static final long LONGEST_PAUSE = 5_000;

    private int demanding;

    synchronized void demand(int change) {
        demanding += change;
        notifyAll();
    }

    /** Waits a little while others demand something. */
    synchronized void giveWay() throws InterruptedIOException {
        try {
            if (demanding > 0) {
                wait(LONGEST_PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for other reads");
        }
    }
}
