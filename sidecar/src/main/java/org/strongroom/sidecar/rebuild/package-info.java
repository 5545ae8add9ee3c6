/**
 * Fills an empty ledger from what is there: the cache, the packs in every tier; spool and journal are read as always. Until
 * that is done nothing is packed, so that nothing is packed twice. Called by the tiers' rounds.
 */
package org.strongroom.sidecar.rebuild;
