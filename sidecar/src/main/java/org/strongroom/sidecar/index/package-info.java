/**
 * Copies Orthanc's SQLite index while Orthanc has it open, in a process of its own that has neither keys nor credentials and ends with the
 * copy. Started by the side with the keys; the sidecar that ships never calls it.
 */
package org.strongroom.sidecar.index;
