/**
 * What will become of what waits: when it is sent, whether more comes than the line carries, how long the disk lasts. Only computes;
 * sums come from the ledger, speeds from the tiers' workers. Called by control for the status, and by whoever must act in time.
 */
package org.strongroom.sidecar.forecast;
