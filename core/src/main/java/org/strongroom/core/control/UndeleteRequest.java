package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Body of {@code POST /v1/undelete}.
 *
 * @param all whatever Orthanc removed within the grace
 * @param attachments else these
 * @param dryRun only count
 */
public record UndeleteRequest(Boolean all, List<UUID> attachments, Boolean dryRun) {
    public UndeleteRequest {
        all = all != null && all;
        attachments = attachments == null ? List.of() : List.copyOf(attachments);
        dryRun = dryRun != null && dryRun;
        if (all != attachments.isEmpty()) {
            throw new IllegalArgumentException("either all or attachments");
        }
    }
}
