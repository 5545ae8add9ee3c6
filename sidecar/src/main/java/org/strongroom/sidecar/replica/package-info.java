/**
 * Which copies of a pack can be read, in which order, and what becomes of one that disappoints. Called by whoever reads packs
 * from tiers: {@code fetch}, {@code ship} and {@code scrub}. Knows nothing of what the bytes are for.
 */
package org.strongroom.sidecar.replica;
