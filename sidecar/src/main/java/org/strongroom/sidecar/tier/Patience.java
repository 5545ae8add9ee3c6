package org.strongroom.sidecar.tier;

import java.time.Duration;

/** How long a store may take, on the slowest line that is supported. */
final class Patience {
    private static final Duration SMALL_REQUEST = Duration.ofMinutes(5);
    /** A body that moves more slowly than this is given up: an eighth of the slowest line that is supported. */
    private static final long BYTES_PER_SECOND = 8 * 1024;

    private Patience() {}

    /** For a request with a body of {@code bytes}. */
    static Duration withBody(long bytes) {
        return SMALL_REQUEST.plusSeconds(bytes / BYTES_PER_SECOND);
    }
}
