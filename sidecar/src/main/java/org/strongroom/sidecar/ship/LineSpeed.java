package org.strongroom.sidecar.ship;

import java.io.IOException;
import org.strongroom.core.time.RunningTime;

/**
 * How much a line carries in a minute, as the last parts showed; a line that broke is taken for slow until it has shown better. For
 * one thread.
 */
final class LineSpeed {
    private static final long UNKNOWN = Long.MAX_VALUE;
    private static final long MINUTE = 60_000;

    private final RunningTime time;
    private long perMinute = UNKNOWN;

    LineSpeed(RunningTime time) {
        this.time = time;
    }

    /** Sends something and takes the time. */
    <T> T send(long bytes, Sending<T> sending) throws IOException {
        long begun = time.now().toMillis();
        long before = perMinute;
        perMinute = 0; // unless it arrives
        T receipt = sending.send();
        long measured =
                Math.multiplyExact(bytes, MINUTE) / Math.max(1, time.now().toMillis() - begun);
        perMinute = before == UNKNOWN || before == 0 ? measured : (before + measured) / 2;
        return receipt;
    }

    /** Sends. */
    interface Sending<T> {
        T send() throws IOException;
    }

    /** Bytes; nothing if it broke, as many as there are if nothing is known. */
    long perMinute() {
        return perMinute;
    }
}
