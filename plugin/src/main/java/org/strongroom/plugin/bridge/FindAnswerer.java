package org.strongroom.plugin.bridge;

import java.util.List;
import java.util.Map;
import org.strongroom.core.error.StrongroomException;

/**
 * Answers every C-FIND that is not about worklists, in place of Orthanc. Called by one worker of the bridge; Orthanc asks for one C-FIND after the
 * other, so a slow one holds up the others.
 */
@FunctionalInterface
public interface FindAnswerer {
    /**
     * What matches.
     *
     * @throws StrongroomException whatever is thrown fails the C-FIND: the modality is told that it could not be processed
     */
    Found find(Query query) throws StrongroomException;

    /**
     * A query.
     *
     * @param tags as {@code gggg,eeee} in lower case, with their values in UTF-8; empty for what shall only be returned, and for sequences
     */
    record Query(DicomPeer peer, Map<String, String> tags) {}

    /**
     * Answers.
     *
     * @param datasets each a DICOM file
     * @param complete whether nothing is missing; the modality is told
     */
    record Found(List<byte[]> datasets, boolean complete) {}
}
