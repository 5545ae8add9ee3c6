/**
 * Orthanc's storage area: seals what arrives, answers reads from the local file, or parks them and asks the sidecar for
 * ciphertext; looks for clear files of older days; notes removals. Called by the bridge's workers.
 */
package org.strongroom.plugin.storage;
