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
        long end = System.nanoTime() + LONGEST_PAUSE * 1_000_000;
        try {
            while (demanding > 0) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for other reads");
        }
    }
}
