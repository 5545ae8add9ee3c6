/**
 * Step 9 of an instance's life: what Orthanc removed is deleted here and from the tiers after a grace, within a daily limit,
 * and never while the journal is not whole; until then it can come back. Runs as a round; called by control.
 */
package org.strongroom.sidecar.purge;
