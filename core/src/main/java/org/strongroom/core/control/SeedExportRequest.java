package org.strongroom.core.control;

import java.util.Objects;

/**
 * Body of {@code POST /v1/tiers/{tier}/seed/export}: one pack.
 *
 * @param disk absolute path of the folder that is written
 * @param behind what the call before answered; null at the first one
 * @param sameDisk whether the folder may be on Home's own file system
 */
public record SeedExportRequest(String disk, Long behind, Boolean sameDisk) {
    public SeedExportRequest {
        Objects.requireNonNull(disk, "disk");
        sameDisk = sameDisk != null && sameDisk;
    }
}
