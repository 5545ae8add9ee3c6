/**
 * What tiers hold, read through the sidecar, and what is sealed here beside it: each file once, wherever its bytes are. Called by the rooms
 * that look at all of it: verify, drill, export, retention, holds by a query, kit and key.
 */
package org.strongroom.plugin.offline.tier;
