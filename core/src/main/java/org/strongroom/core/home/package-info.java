/**
 * Where things lie in Home, and the one file that says whose Home it is. Plugin and sidecar both use it, so that no path is
 * spelled twice. Holds names and the installation file; what is inside the folders belongs to their owners.
 */
package org.strongroom.core.home;
