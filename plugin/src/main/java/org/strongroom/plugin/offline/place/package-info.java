/**
 * What every command is given: the installation that it works on, a sidecar to ask, time, and a person to ask. Called by the other rooms of
 * {@code offline}; knows none of them.
 */
package org.strongroom.plugin.offline.place;
