package org.strongroom.sidecar.audit;

import java.time.Duration;

/**
 * When what is done.
 *
 * @param checkpointEvents so many waiting events are signed at once
 * @param checkpointInterval the first of fewer waits at most so long
 */
public record AuditRules(int checkpointEvents, Duration checkpointInterval) {}
