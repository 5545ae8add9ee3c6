/**
 * The journal's only writer (format.md §6): what happened to attachments and keys after they were stored. Storage appends
 * tombstones, the receipt's open check appends what is genuine; an entry is durable before anybody acts on it. Knows nothing of
 * keys but that somebody signs; its reader is in {@code core.format.v1}, because the sidecar follows it.
 */
package org.strongroom.plugin.journal;
