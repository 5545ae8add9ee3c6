/**
 * Everything that is wrong now: what the rooms raised, and what only shows when ledger, tiers and the plugin's silence are looked at
 * together. Called by {@code control} for the status and by {@code alert} for what is told to people, so that both say the same.
 */
package org.strongroom.sidecar.finding;
