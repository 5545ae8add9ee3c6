package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Answer of {@code POST /v1/receipts}.
 *
 * @param received of those asked for, what has the receipts of as many tiers as {@code Copies} asks for
 */
public record ReceiptsAnswer(List<UUID> received) {
    public ReceiptsAnswer {
        received = List.copyOf(received);
    }
}
