package org.strongroom.plugin.seal;

import org.strongroom.core.format.v1.SealedHeader;

/**
 * A sealed file that has been written.
 *
 * @param header its first bytes
 * @param size all its bytes
 */
public record Sealed(SealedHeader header, long size) {}
