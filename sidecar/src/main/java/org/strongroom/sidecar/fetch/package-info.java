/**
 * Step 8 of an instance's life: bytes that are not on this machine any more come back from a tier, the asked-for first, the
 * rest of their series behind them. Every byte that stays is compared with the digests of its pack. Called by control.
 */
package org.strongroom.sidecar.fetch;
