/** What plugin and sidecar share: formats, DICOM header reader, settings, the control contract, errors, durable files. */
package org.strongroom.core;
