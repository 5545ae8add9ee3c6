/**
 * {@code strongroom recover}, and {@code strongroom snapshot}, which it starts from: a lost machine is back from a tier and the recovery kit.
 * Called by the command line alone.
 */
package org.strongroom.plugin.offline.recover;
