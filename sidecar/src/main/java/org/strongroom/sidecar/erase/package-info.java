/**
 * What is done once the journal says that a key is destroyed (format.md §6.3): in each tier its packs go, and bundles without it take the place of
 * those with it; here its files go. Tiers that are away, and locks, are waited for. {@code ship} turns the rounds of the tiers.
 */
package org.strongroom.sidecar.erase;
