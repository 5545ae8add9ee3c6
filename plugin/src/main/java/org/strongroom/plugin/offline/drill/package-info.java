/**
 * {@code strongroom drill}: a recovery that is tried beside the living PACS, measured, and thrown away. Called by the command line alone.
 */
package org.strongroom.plugin.offline.drill;
