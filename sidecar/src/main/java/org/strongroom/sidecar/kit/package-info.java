/**
 * Whether people hold what opens the tiers, and whether that, and a recovery from each tier, was shown lately. Called by the rounds, which
 * raise a problem of it, and by the doctor. Knows what {@code kit.json} and {@code drills.json} say, and no share.
 */
package org.strongroom.sidecar.kit;
