/**
 * Commands that need the keys, run without Orthanc or beside it: making them, and opening whatever the tiers hold. {@code Main} joins them;
 * each subject has a room below this one, which is called from here alone but for what its description says. Reads tiers through the sidecar
 * only. The only rooms of the plugin that print; nobody else calls them.
 */
package org.strongroom.plugin.offline;
