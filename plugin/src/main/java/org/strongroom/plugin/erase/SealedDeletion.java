package org.strongroom.plugin.erase;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What is sealed of the step that has Orthanc delete (format.md §6.3). It names the files themselves: a number of them says nothing of one
 * that came in the place of another. In no journal. Immutable.
 *
 * @param step who, why, and what it is about
 * @param files under which uuids that is sealed which somebody has looked at
 */
record SealedDeletion(SealedStep step, List<UUID> files) {
    SealedDeletion {
        Objects.requireNonNull(step, "step");
        files = List.copyOf(files);
    }

    /** Says nothing: people write names. */
    @Override
    public String toString() {
        return "***";
    }
}
