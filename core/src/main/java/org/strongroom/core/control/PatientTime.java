package org.strongroom.core.control;

import java.time.Instant;
import java.util.Objects;

/**
 * The time by which something may be deleted for good: answer of {@code GET /v1/time}.
 *
 * @param time behind this machine's clock for a day after that jumped ahead
 */
public record PatientTime(Instant time) {
    public PatientTime {
        Objects.requireNonNull(time, "time");
    }
}
