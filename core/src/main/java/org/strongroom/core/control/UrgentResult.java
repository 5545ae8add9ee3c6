package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Answer to {@code POST /v1/urgent}.
 *
 * @param keys of those asked for, the ones of which there is something
 * @param instances of these studies that have not enough receipts yet
 * @param bytes sealed size of what has not, attachments of the series included
 */
public record UrgentResult(List<UUID> keys, long instances, long bytes) {
    public UrgentResult {
        keys = List.copyOf(keys);
    }
}
