/**
 * Commands that need the keys, run without Orthanc or beside it: making them, and opening whatever the tiers hold. Reads tiers
 * through the sidecar only. The only room of the plugin that prints; nobody else calls it.
 */
package org.strongroom.plugin.offline;
