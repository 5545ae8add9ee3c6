/**
 * {@code strongroom tenant}: whose studies are, and giving them to another tenant. What else is done with what is somebody's, as export,
 * holds and erasing, asks this room whose it is.
 */
package org.strongroom.plugin.offline.tenant;
