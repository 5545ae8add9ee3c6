/**
 * Sealed files (format.md §3): written from plain bytes under a key, and read at any position given sealed bytes and a key.
 * Knows formats and codecs; nothing of where sealed bytes lie, where keys come from, or DICOM. Called by storage and offline.
 */
package org.strongroom.plugin.seal;
