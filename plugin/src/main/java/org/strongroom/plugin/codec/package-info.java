/**
 * Lossless encoding of blocks before sealing (format.md §3.3–3.4): store, zstd, image, shuffle, and where a body is cut into
 * blocks. Knows arrays and geometry; nothing of keys, files or DICOM. Called by {@code plugin.seal} only.
 */
package org.strongroom.plugin.codec;
