/**
 * Step 6 of an instance's life: a copy of a pack is believed only after its size, its digests, its index and a sample that
 * the plugin opens. When enough tiers gave a receipt, files leave the spool for the cache. Called by ship.
 */
package org.strongroom.sidecar.receipt;
