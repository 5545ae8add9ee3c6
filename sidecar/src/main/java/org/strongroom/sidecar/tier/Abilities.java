package org.strongroom.sidecar.tier;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.strongroom.core.error.StrongroomException;

/**
 * What a store was seen to do. Immutable.
 *
 * @param found what was asked for, and what came of it, for people: {@code versions → kept}
 * @param missing what the settings need and the store, or its credentials, do not give
 */
public record Abilities(Map<String, String> found, List<StrongroomException> missing) {
    static final String LOCK = "object lock";
    static final String ENFORCED = "enforced";
    static final String KEPT = "kept";
    private static final Set<String> BEST = Set.of(ENFORCED, KEPT);

    /** Of a store without abilities that depend on how it was set up. */
    public static final Abilities PLAIN = new Abilities(Map.of(), List.of());

    public Abilities {
        found = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(found)); // in this order
        missing = List.copyOf(missing);
    }

    /** Whether it was seen that nobody deletes what is locked. */
    public boolean enforceLock() {
        return ENFORCED.equals(found.get(LOCK));
    }

    /** What was found to be otherwise than would be best. */
    public Map<String, String> absent() {
        Map<String, String> absent = new LinkedHashMap<>(found);
        absent.values().removeIf(BEST::contains);
        return absent;
    }

    /** {@code versions kept, object lock enforced}. */
    @Override
    public String toString() {
        return String.join(
                ", ",
                found.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .toList());
    }
}
