/**
 * Whether people hold what opens the tiers, and have shown it lately. Called by the rounds, which raise a problem of it, and by the
 * doctor. Knows what {@code kit.json} says, and no share.
 */
package org.strongroom.sidecar.kit;
