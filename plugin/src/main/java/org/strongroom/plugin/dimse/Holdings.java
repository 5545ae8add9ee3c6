package org.strongroom.plugin.dimse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.StrongroomException;

/** What Orthanc has, as far as one tenant may know of it. Obligations: nothing of another tenant is in any answer; safe for several threads. */
public interface Holdings {
    /** What a query is about. */
    enum Level {
        PATIENT,
        STUDY,
        SERIES,
        IMAGE
    }

    /**
     * The matches, as Orthanc's paths.
     *
     * @param constraints values by tag ({@code gggg,eeee}), with DICOM's wildcards, ranges and lists; tags that cannot be searched for are
     *     left out: DICOM calls them optional. Identifiers always can
     * @param most no more than this
     * @throws StrongroomException if it cannot be known now
     */
    List<String> find(String tenant, Level level, Map<String, String> constraints, int most);

    /**
     * What has this identifier (PatientID, StudyInstanceUID or AccessionNumber, SeriesInstanceUID, SOPInstanceUID), as Orthanc compares
     * them; as its paths.
     *
     * @throws StrongroomException if it cannot be known now
     */
    List<String> named(String tenant, Level level, String identifier);

    /**
     * Values of tags, as far as they are known: texts, several with backslashes between them, and for sequences arrays of the same.
     *
     * @param tags {@code gggg,eeee} in lower case
     * @return empty if it is gone meanwhile
     */
    Optional<Map<String, JsonNode>> describe(String tenant, String path, Level level, Set<String> tags);

    /** Orthanc's ids of the images of a match, by the ids of their studies; none if it is gone meanwhile. */
    Map<String, List<String>> images(String tenant, String path);
}
