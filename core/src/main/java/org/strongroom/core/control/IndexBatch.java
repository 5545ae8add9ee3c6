package org.strongroom.core.control;

import java.util.List;
import java.util.UUID;

/**
 * Body of {@code POST /v1/work/{id}/attachments}: some of what Orthanc's index knows.
 *
 * @param number 0 for the first batch of a listing, which replaces what an earlier attempt delivered; then counting up
 * @param attachments uuids of sealed files, or of nothing at all
 * @param clear uuids of clear files that Orthanc stored before Strongroom
 */
public record IndexBatch(long number, List<UUID> attachments, List<UUID> clear) {
    /** A batch of so many ids stays far below the longest request. */
    public static final int MOST = 5_000;

    public IndexBatch {
        attachments = attachments == null ? List.of() : List.copyOf(attachments);
        clear = clear == null ? List.of() : List.copyOf(clear);
    }
}
