package org.strongroom.core.control;

/**
 * Answer of {@code POST /v1/tiers/{tier}/seed/reconcile}: packs that were looked at.
 *
 * @param behind for the next call; null if these were the last ones
 * @param found in the tier, and the same to the bit; they get receipts like those that the line brought
 * @param wrong in the tier, and something else: they are made anew
 * @param missing not in the tier
 * @param unread in the tier, where they could not be read now; they go on waiting
 */
public record SeedReconciled(Long behind, long found, long foundBytes, long wrong, long missing, long unread) {}
