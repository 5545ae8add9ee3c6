/**
 * {@code strongroom kit}: making the recovery kit, and proving that what is on paper opens what is in the tiers. Recovery and drills read
 * shares with it.
 */
package org.strongroom.plugin.offline.kit;
