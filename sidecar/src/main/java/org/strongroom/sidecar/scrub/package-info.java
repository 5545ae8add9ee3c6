/**
 * Reads everything that the tiers hold again and again, so that damage is found while there is another copy, and makes damaged
 * and lost copies anew. Runs as one round per tier; {@code tier add} has a tier recounted at once.
 */
package org.strongroom.sidecar.scrub;
