package org.strongroom.core.control;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Body of {@code POST /v1/holds}: an order that was sealed by who has the keys.
 *
 * @param hold its id
 * @param text sealed, in base64: what the hold says, or what its end says
 * @param held ids of keys, or of a tenant, that come under it; none if it is over
 */
public record HoldRequest(UUID hold, String text, List<UUID> held) {
    public HoldRequest {
        Objects.requireNonNull(hold, "hold");
        Objects.requireNonNull(text, "text");
        held = List.copyOf(held);
    }
}
