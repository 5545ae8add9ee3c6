/**
 * One small interface to every place that keeps ciphertext, its implementations, and the decorators around them. Knows
 * objects and bytes; nothing of packs, studies or the ledger. Called by ship, fetch, purge and control.
 */
package org.strongroom.sidecar.tier;
