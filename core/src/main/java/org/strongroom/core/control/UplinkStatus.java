package org.strongroom.core.control;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Answer of {@code GET} and {@code POST /v1/uplink}.
 *
 * @param limit what may be sent in a second, now
 * @param until when the timetable of the settings holds again; null if it does
 * @param settings what it says of now
 * @param changes when {@code limit} changes or ends; null if not within a week
 * @param sending bytes in a second over the last seconds, by priority; none that sent nothing
 */
public record UplinkStatus(String limit, Instant until, String settings, Instant changes, Map<String, Long> sending) {
    public UplinkStatus {
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(settings, "settings");
        sending = Map.copyOf(sending);
    }
}
