/**
 * Version 1 of the bytes that outlive this software: sealed file, pack, key record, bundle, journal (docs/format.md).
 * Frozen once shipped; a new version is a new package. Holds layouts and Cobblestone-256, never keys at rest or I/O policy.
 */
package org.strongroom.core.format.v1;
