/**
 * {@code strongroom init} and {@code strongroom key}: making the keys, what opens them, and putting others in their place. Called by the
 * command line alone.
 */
package org.strongroom.plugin.offline.key;
