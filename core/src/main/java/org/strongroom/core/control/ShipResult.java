package org.strongroom.core.control;

/**
 * Answer of {@code POST /v1/ship}: what waits for its receipts at this moment.
 *
 * @param instances attachments in the backlog
 * @param bytes their sealed size
 */
public record ShipResult(long instances, long bytes) {}
