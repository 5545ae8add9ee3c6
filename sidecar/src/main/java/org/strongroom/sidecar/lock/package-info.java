/**
 * Keeps what a tier holds locked for as long as it is wanted, and finds out whether the store can do what the settings need. Runs
 * as one round per tier; whoever deletes learns from {@link org.strongroom.sidecar.tier.Locked} that it is too early.
 */
package org.strongroom.sidecar.lock;
