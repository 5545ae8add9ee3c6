package org.strongroom.core.control;

/**
 * Answer of {@code POST /v1/ship}: what waits for its receipts at this moment.
 *
 * @param instances images in the backlog
 * @param bytes sealed size of all of it; 0 only if nothing waits
 */
public record ShipResult(long instances, long bytes) {}
