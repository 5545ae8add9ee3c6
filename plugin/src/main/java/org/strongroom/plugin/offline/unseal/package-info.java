/**
 * {@code strongroom unseal}: the way back to an Orthanc without Strongroom, every file in clear in its StorageDirectory. Called by the
 * command line alone.
 */
package org.strongroom.plugin.offline.unseal;
