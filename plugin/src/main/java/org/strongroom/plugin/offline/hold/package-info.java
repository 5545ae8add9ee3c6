/**
 * {@code strongroom hold}: what must not be deleted, or not be shown either. Export and retention ask it what is held.
 */
package org.strongroom.plugin.offline.hold;
