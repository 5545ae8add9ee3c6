/**
 * Brings the newest snapshot of Home to every tier, chunks that are there already left out, and deletes what no kept snapshot needs
 * (format.md §10). Copies sealed bytes and understands only which chunks belong together. Called by the sidecar's rounds.
 */
package org.strongroom.sidecar.snapshot;
