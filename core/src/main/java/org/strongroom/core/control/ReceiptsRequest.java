package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Body of {@code POST /v1/receipts}: which of these have their receipts? At most 5000.
 *
 * @param complete their studies are whole, says who sent them: what waits of them is packed and shipped now, quiet or not
 */
public record ReceiptsRequest(List<UUID> attachments, Boolean complete) {
    static final int MOST = 5000;

    public ReceiptsRequest {
        attachments = List.copyOf(attachments);
        complete = complete != null && complete;
        if (attachments.size() > MOST) {
            throw new IllegalArgumentException("more attachments than may be asked for at once");
        }
    }
}
