package org.strongroom.core.control;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Body of {@code POST /v1/assignments}: an order that was sealed by who has the keys.
 *
 * @param assignment its id
 * @param text sealed, in base64: who orders it, why, from whom and to whom
 * @param keys ids of every key of the studies that are given away
 */
public record AssignmentRequest(UUID assignment, String text, List<UUID> keys) {
    public AssignmentRequest {
        Objects.requireNonNull(assignment, "assignment");
        Objects.requireNonNull(text, "text");
        keys = List.copyOf(keys);
    }
}
