/**
 * Makes a Home, and a configuration for it, of a tier and the recovery kit, and has Orthanc list again what the tier holds. Reads
 * tiers through processes of the sidecar only, prints nothing. Called by {@code strongroom recover}, and, for a place that is thrown away
 * again, by {@code strongroom drill}.
 */
package org.strongroom.plugin.recover;
