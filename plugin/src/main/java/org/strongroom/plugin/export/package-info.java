/**
 * Everything, or a part of it, as plain DICOM files that need no Strongroom: opened with the keyring, from this machine and the tiers,
 * into a folder that a DICOMDIR describes. Reads tiers through what it is given, prints nothing. Called by {@code strongroom export}.
 */
package org.strongroom.plugin.export;
