package org.strongroom.sidecar.audit;

import java.time.Duration;

/**
 * When what is done.
 *
 * @param checkpointEvents so many waiting events are signed at once
 * @param checkpointInterval the first of fewer waits at most so long
 * @param anchorInterval between two anchors of a log that grows, in each tier
 * @param anchorAlarm what was signed and is not in a tier for so long is a problem
 */
public record AuditRules(
        int checkpointEvents, Duration checkpointInterval, Duration anchorInterval, Duration anchorAlarm) {}
