package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Answer of {@code POST /v1/undelete}.
 *
 * @param instances given back to Orthanc (or that would be)
 * @param attachments in a dry run: which; so that whoever wants them can ask for a few at a time
 * @param kept what cannot come back, by reason
 */
public record UndeleteResult(long instances, List<UUID> attachments, List<Kept> kept) {
    public UndeleteResult {
        attachments = attachments == null ? List.of() : List.copyOf(attachments);
        kept = List.copyOf(kept);
    }
}
