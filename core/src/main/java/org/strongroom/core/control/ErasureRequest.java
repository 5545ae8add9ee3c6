package org.strongroom.core.control;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Body of {@code POST /v1/erasures}: an order that was sealed by who has the keys.
 *
 * @param erasure its id
 * @param step what is ordered
 * @param text sealed, in base64: who orders it, and why
 * @param keys ids of the keys that it is about; none if it is withdrawn
 */
public record ErasureRequest(UUID erasure, Step step, String text, List<UUID> keys) {
    /** One step on the way. */
    public enum Step {
        /** Somebody orders it. */
        ORDER,
        /** What Orthanc still has of it gets other keys, which are not erased; needs no order. */
        MOVE,
        /** Somebody else has Orthanc delete what it still has of it; no key is destroyed. */
        DELETE,
        /** Somebody else agrees, and it is carried out. */
        APPROVE,
        /** It is not to be carried out. */
        WITHDRAW
    }

    public ErasureRequest {
        Objects.requireNonNull(erasure, "erasure");
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(text, "text");
        keys = List.copyOf(keys);
    }
}
