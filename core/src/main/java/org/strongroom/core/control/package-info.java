/**
 * The loopback contract between plugin, command line and sidecar as types (docs/control.md): what is asked, what is
 * answered, and how both look as JSON. Holds no client and no server; every module may use it.
 */
package org.strongroom.core.control;
