/**
 * {@code strongroom export}: everything, or somebody's, as plain DICOM, with what is kept about it; recorded. Called by the command line
 * alone.
 */
package org.strongroom.plugin.offline.export;
