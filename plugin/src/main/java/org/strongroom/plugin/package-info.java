/**
 * What runs inside Orthanc: holds the keys and never a cloud credential. {@code Strongroom} joins the rooms when Orthanc starts: keys and
 * books, who is let in, the storage area, the sidecar's desk, what is done now and then. Called by the loader alone.
 */
package org.strongroom.plugin;
