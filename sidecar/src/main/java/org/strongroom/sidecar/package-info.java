/**
 * What runs beside Orthanc: holds the cloud credentials and never a key. {@code Sidecar} is the process, {@code Rooms} joins what is in it,
 * {@code Rounds} brings that to life, {@code Service} lets others ask. Called by nobody.
 */
package org.strongroom.sidecar;
