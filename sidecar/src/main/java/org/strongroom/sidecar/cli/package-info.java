/**
 * Commands that need no keys: they ask the running sidecar over the loopback contract, or look at this machine. One class per
 * command; nobody else calls them. The only room of the sidecar that prints.
 */
package org.strongroom.sidecar.cli;
