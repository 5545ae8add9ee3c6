package org.strongroom.core.control;

/**
 * Answer of {@code POST /v1/tiers/{tier}/add}.
 *
 * @param packs how many the tier held and does not hold any more; they are sent again
 */
public record AddResult(long packs) {}
