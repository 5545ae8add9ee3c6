package org.strongroom.core.control;

/**
 * Body of {@code POST /v1/tiers/{tier}/trim}: some packs.
 *
 * @param behind what the call before answered; null at the first one
 * @param dryRun whether nothing is deleted; unless it is false
 */
public record TrimRequest(Long behind, Boolean dryRun) {
    public TrimRequest {
        dryRun = dryRun == null || dryRun;
    }
}
