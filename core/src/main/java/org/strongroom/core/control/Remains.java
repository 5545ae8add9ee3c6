package org.strongroom.core.control;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What there is of what one key sealed: answer of {@code GET /v1/remains/{key}}.
 *
 * @param living sealed files that Orthanc has not removed
 * @param removed images that Orthanc has removed, without those whose place another file took
 * @param waiting files that took the place of one that this key sealed, and have not the receipts of as many tiers as {@code Copies} asks for
 * @param here sealed files on this machine
 * @param tiers what every tier still holds, in words for people: of a key that is destroyed its packs, and bundles with the key; of
 *     any other its packs. Empty if nothing
 */
public record Remains(UUID key, long living, long removed, long waiting, long here, Map<String, String> tiers) {
    public Remains {
        Objects.requireNonNull(key, "key");
        tiers = Collections.unmodifiableMap(new TreeMap<>(tiers));
    }
}
