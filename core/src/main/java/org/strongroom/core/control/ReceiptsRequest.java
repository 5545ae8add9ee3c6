package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/** Body of {@code POST /v1/receipts}: which of these have their receipts? At most 5000. */
public record ReceiptsRequest(List<UUID> attachments) {
    static final int MOST = 5000;

    public ReceiptsRequest {
        attachments = List.copyOf(attachments);
        if (attachments.size() > MOST) {
            throw new IllegalArgumentException("more attachments than may be asked for at once");
        }
    }
}
