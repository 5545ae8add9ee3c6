package org.strongroom.core.control;

import java.util.Objects;

/** One JSON line of {@code GET /v1/tiers/{tier}/objects}. */
public record ObjectLine(String name, long bytes) {
    public ObjectLine {
        Objects.requireNonNull(name, "name");
    }
}
