package org.strongroom.core.control;

import java.util.Objects;

/**
 * Body of {@code POST /v1/tiers/{tier}/drain}.
 *
 * @param to the tier that gets a copy of everything
 * @param dryRun only tell how much that is
 */
public record DrainRequest(String to, Boolean dryRun) {
    public DrainRequest {
        Objects.requireNonNull(to, "to");
        dryRun = dryRun != null && dryRun;
    }
}
