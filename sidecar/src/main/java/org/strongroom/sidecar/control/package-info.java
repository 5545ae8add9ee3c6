/**
 * The loopback contract, answered (docs/control.md): one small handler per route over the rooms that do the work, on
 * 127.0.0.1, for whoever has the token. Also keeps a second sidecar off Home and ends this one when nobody needs it.
 */
package org.strongroom.sidecar.control;
