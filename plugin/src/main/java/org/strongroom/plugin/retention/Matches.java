package org.strongroom.plugin.retention;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a query found, by key. Immutable.
 *
 * @param certain what is meant
 * @param possible what may be: it does not tell, or cannot be read
 */
public record Matches(List<UUID> certain, List<UUID> possible) {
    public Matches {
        certain = List.copyOf(certain);
        possible = List.copyOf(possible);
    }

    /** Both. */
    public List<UUID> all() {
        return Stream.concat(certain.stream(), possible.stream()).toList();
    }
}
