/**
 * Takes out of a tier what is not to be there any more: only when a person says so, and only what every tier that it is to be in has.
 * Called by the control server.
 */
package org.strongroom.sidecar.trim;
