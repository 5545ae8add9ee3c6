/**
 * The loopback contract between plugin, command line and sidecar as types (docs/control.md): what is asked, what is
 * answered, how both look as JSON, and the client that asks. Holds no server; every module may use it.
 */
package org.strongroom.core.control;
