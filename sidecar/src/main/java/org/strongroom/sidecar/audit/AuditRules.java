package org.strongroom.sidecar.audit;

import java.time.Duration;
import java.util.Optional;

/**
 * When what is done.
 *
 * @param checkpointEvents so many waiting events are signed at once
 * @param checkpointInterval the first of fewer waits at most so long
 * @param anchorInterval between two anchors of a log that grows, in each tier
 * @param anchorAlarm what was signed and is not in a tier for so long is a problem
 * @param keep for so long events stay; empty: for ever
 */
public record AuditRules(
        int checkpointEvents,
        Duration checkpointInterval,
        Duration anchorInterval,
        Duration anchorAlarm,
        Optional<Duration> keep) {
    /** Those that keep all of it. */
    public AuditRules(
            int checkpointEvents, Duration checkpointInterval, Duration anchorInterval, Duration anchorAlarm) {
        this(checkpointEvents, checkpointInterval, anchorInterval, anchorAlarm, Optional.empty());
    }

    /** The same with events that go after {@code time}. */
    public AuditRules keeping(Duration time) {
        return new AuditRules(checkpointEvents, checkpointInterval, anchorInterval, anchorAlarm, Optional.of(time));
    }
}
