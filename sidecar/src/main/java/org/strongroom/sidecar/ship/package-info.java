/**
 * Step 5 of an instance's life: packs, the key bundles that open them and copies of the journal go to the tiers, each tier at
 * its own pace. What was sent is in the ledger before the next part starts. One {@code TierWorker} round per tier.
 */
package org.strongroom.sidecar.ship;
