package org.strongroom.plugin.assign;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.format.v1.Sha256;

/**
 * What is sealed of an assignment (format.md §6.4). Immutable.
 *
 * @param keys SHA-256, in hex, of the ids of the keys that are meant: whoever carries the order cannot have it mean others
 */
record SealedAssignment(String by, String reason, String from, String to, String keys) {
    static SealedAssignment of(AssignmentText text, List<UUID> keys) {
        return new SealedAssignment(text.by(), text.reason(), text.from(), text.to(), digest(keys));
    }

    boolean means(List<UUID> some) {
        return keys.equals(digest(some));
    }

    private static String digest(List<UUID> keys) {
        String ids = keys.stream().map(UUID::toString).sorted().collect(Collectors.joining());
        return Sha256.of(ids.getBytes(StandardCharsets.US_ASCII)).toString();
    }

    /** Says nothing: people write names. */
    @Override
    public String toString() {
        return "***";
    }
}
