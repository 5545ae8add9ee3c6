/**
 * The recovery kit: the recovery private key split among people, on paper (format.md §8). Knows shares, their words and their
 * sheets; nothing of Home, tiers or who asks. The commands in {@code plugin.offline} use it.
 */
package org.strongroom.plugin.kit;
