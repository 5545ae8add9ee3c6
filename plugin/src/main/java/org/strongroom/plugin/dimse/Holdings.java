package org.strongroom.plugin.dimse;

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
     * Values of tags, as far as they are known.
     *
     * @param tags {@code gggg,eeee} in lower case
     * @return empty if it is gone meanwhile
     */
    Optional<Map<String, Value>> describe(String tenant, String path, Level level, Set<String> tags);

    /** Orthanc's ids of the images of a match, by the ids of their studies; none if it is gone meanwhile. */
    Map<String, List<String>> images(String tenant, String path);

    /**
     * What a tag says.
     *
     * @param vr value representation
     * @param text in UTF-8, several with backslashes between them
     */
    record Value(String vr, String text) {}
}
