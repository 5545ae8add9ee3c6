package org.strongroom.sidecar.ship;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a part that is being sent was made for a higher limit than holds by now. What is left of it would take minutes or hours, and
 * whatever is more urgent waits for its end. For one part and one thread.
 */
final class Outgrown {
    /** So many times what a part would be now is too much. */
    private static final int TIMES = 2;
    /** A limit that is so soon another one again is no reason to send anything twice. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private Optional<Duration> since = Optional.empty();

    /**
     * To be asked again and again while it is sent.
     *
     * @param left bytes of it that are not sent
     * @param usual bytes that a part would have now
     */
    boolean is(long left, long usual, Duration now) {
        if (left < TIMES * usual) {
            since = Optional.empty();
            return false;
        }
        since = since.or(() -> Optional.of(now));
        return now.minus(since.get()).compareTo(PATIENCE) >= 0;
    }
}
