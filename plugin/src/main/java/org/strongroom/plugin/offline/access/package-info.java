/**
 * {@code strongroom user}, {@code breakglass} and {@code routes}: who may come in, whom they have opened in emergencies, and what routes need.
 * Called by the command line alone.
 */
package org.strongroom.plugin.offline.access;
