package org.strongroom.core.control;

/**
 * Answer of {@code POST /v1/tiers/{tier}/seed/export}.
 *
 * @param behind for the next call; null if this was the last pack
 * @param bytes that the disk holds now of this pack, written and read back; 0 if it does not
 * @param reason why it does not: its bytes could not be read here or in a tier; null if it does, or if there was none
 */
public record SeedExported(Long behind, long bytes, String reason) {}
