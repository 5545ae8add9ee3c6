package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Body of {@code POST /v1/undelete}.
 *
 * @param all whatever Orthanc removed within the grace
 * @param hold or what is under this hold, whenever Orthanc removed it; null if that is not asked
 * @param attachments else these
 * @param dryRun only count
 * @param toOwner of these attachments also what somebody sent into another tenant's study: it becomes the study's owner's
 */
public record UndeleteRequest(Boolean all, UUID hold, List<UUID> attachments, Boolean dryRun, Boolean toOwner) {
    public UndeleteRequest {
        all = all != null && all;
        attachments = attachments == null ? List.of() : List.copyOf(attachments);
        dryRun = dryRun != null && dryRun;
        toOwner = toOwner != null && toOwner;
        if ((all ? 1 : 0) + (hold == null ? 0 : 1) + (attachments.isEmpty() ? 0 : 1) != 1) {
            throw new IllegalArgumentException("either all, or a hold, or attachments");
        }
        if (toOwner && attachments.isEmpty()) {
            throw new IllegalArgumentException("what becomes another's is named one by one");
        }
    }
}
