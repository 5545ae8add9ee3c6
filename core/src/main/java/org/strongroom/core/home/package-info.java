/**
 * Where things lie in Home, and the one file that says whose Home it is. Plugin and sidecar both use it, so that no path is
 * spelled twice. Holds names, the installation file, and how a file goes to quarantine or comes back from the mirror; what is
 * inside the files belongs to their owners.
 */
package org.strongroom.core.home;
