/**
 * Step 7 of an instance's life: when this machine's disk fills, the bodies of the least recently used studies go, if enough
 * tiers confirm that they hold them; heads stay. Runs as a round; called by control.
 */
package org.strongroom.sidecar.evict;
