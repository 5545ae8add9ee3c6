/**
 * Keys at rest and in use: the root key from its source, tenant keys, study keys (format.md §5). The only room that unwraps
 * anything. Called by storage, receipt, journal and the offline commands.
 */
package org.strongroom.plugin.keys;
