package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** What whoever asks by DICOM may know of what Orthanc has. Obligations: safe for several threads. */
interface Sight {
    /** Whether a tag is compared where it is searched for; DICOM lets others be left out. */
    boolean compares(String tag);

    /** The page of a search, as paths of Orthanc's. */
    List<String> found(Search search);

    /** A patient, study, series or image as it may be shown; empty if it may not, or is gone. */
    Optional<JsonNode> resource(String uri);

    /** Whether anything of it may be known. */
    boolean sees(String uri);

    /** Whether all of it may be, read from a file. */
    boolean seesWhole(String uri);
}
