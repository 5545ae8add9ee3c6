package org.strongroom.core.control;

/**
 * Body of {@code POST /v1/tiers/{tier}/seed/reconcile}: some packs.
 *
 * @param behind what the call before answered; null at the first one
 * @param keep whether what is not in the tier yet goes on waiting for its disk; else the line takes it
 */
public record SeedReconcileRequest(Long behind, Boolean keep) {
    public SeedReconcileRequest {
        keep = keep != null && keep;
    }
}
