package org.strongroom.core.control;

import org.strongroom.core.settings.Rate;

/**
 * Body of {@code POST /v1/uplink}: another limit for a while, or, without both, that of the settings again.
 *
 * @param limit as in the settings
 * @param seconds for how long, at most a week
 */
public record UplinkRequest(String limit, Long seconds) {
    /** Of a limit for a while. */
    public static final long MOST_SECONDS = 7L * 24 * 3600;

    public UplinkRequest {
        if ((limit == null) != (seconds == null)) {
            throw new IllegalArgumentException("a limit and for how long belong together");
        }
        if (limit != null) {
            limit = Rate.parse(limit).toString();
            if (seconds < 1 || seconds > MOST_SECONDS) {
                throw new IllegalArgumentException("write a time of at most 7 days");
            }
        }
    }
}
