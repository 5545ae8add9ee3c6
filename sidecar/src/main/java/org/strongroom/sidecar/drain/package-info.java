/**
 * Leaving a tier for another one: what is in the one is copied to the other, and then the one does not count any more. Called by
 * the control server, and by one round that sees when all is there. Deletes nothing.
 */
package org.strongroom.sidecar.drain;
