package org.strongroom.core.control;

/** One JSON line of {@code GET /v1/tiers/{tier}/objects}. */
public record ObjectLine(String name, long bytes) {}
