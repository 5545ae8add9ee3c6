package org.strongroom.sidecar.fetch;

import java.io.InterruptedIOException;
import java.util.function.BooleanSupplier;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.uplink.Uplink;

/** Lets reading ahead, and whatever is sent, wait while somebody waits for bytes. Thread-safe. */
final class Gate {
    /** So that a waiting stream's connection is not given up by the store. */
    private static final long LONGEST_PAUSE = 5_000;

    private final RunningTime time;
    private final Uplink uplink;
    private final BooleanSupplier queued;
    private int demanding;

    /** @param queued whether a series waits for a thread; takes no lock */
    Gate(RunningTime time, Uplink uplink, BooleanSupplier queued) {
        this.time = time;
        this.uplink = uplink;
        this.queued = queued;
    }

    /** The thread is needed more than what it reads ahead: no tier is to blame that it breaks off. */
    static final class OthersComeFirst extends InterruptedIOException {
        private static final long serialVersionUID = 1L;

        OthersComeFirst() {
            super("somebody waits for the thread that reads ahead");
        }
    }

    synchronized void demand(int change) {
        demanding += change;
        uplink.reading(change);
        notifyAll();
    }

    /**
     * Waits a little while others demand something; to be called whenever something arrived.
     *
     * @param wanted whether somebody demands what the caller reads now, so that it is not to wait any longer; takes no lock, and turns true
     *     before {@link #demand} is told
     * @return milliseconds that it took
     * @throws OthersComeFirst if one of the others waits for a thread
     */
    synchronized long giveWay(BooleanSupplier wanted) throws InterruptedIOException {
        if (wanted.getAsBoolean()) {
            uplink.arrived();
        }
        long begun = time.now().toMillis();
        try {
            for (long left = LONGEST_PAUSE;
                    demanding > 0 && left > 0 && !wanted.getAsBoolean();
                    left = begun + LONGEST_PAUSE - time.now().toMillis()) {
                if (queued.getAsBoolean()) {
                    throw new OthersComeFirst();
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for other reads");
        }
        return time.now().toMillis() - begun;
    }
}
