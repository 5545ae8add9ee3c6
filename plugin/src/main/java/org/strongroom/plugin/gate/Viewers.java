package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Addresses of the viewers that Orthanc may have, for who may ask for all that the viewer reads. Orthanc Explorer 2 is none of them: it
 * begins with a list of studies. Immutable.
 *
 * @param root of DICOMweb
 * @param ohif whether OHIF reads by DICOMweb
 * @param searches whether QIDO-RS is answered
 */
record Viewers(String root, boolean ohif, BooleanSupplier searches) {
    private static final String UID = "[0-9.]{1,64}";

    /** @param configuration the whole of it */
    static Viewers of(JsonNode configuration, DicomWeb web, FirstAsked first) {
        String source = configuration.path("OHIF").path("DataSource").asText("dicom-web");
        return new Viewers(web.root(), source.equals("dicom-web"), first::holds);
    }

    /** One for a whole study. */
    Optional<String> ofStudy(Mine mine, List<String> plugins, String uid) {
        boolean reads = plugins.contains("dicom-web")
                && uid.matches(UID)
                && mine.whole(root + "/studies/" + uid + "/metadata")
                && searches.getAsBoolean();
        if (reads && plugins.contains("stone-webviewer")) {
            return Optional.of("stone-webviewer/index.html?study=" + uid);
        }
        return reads && ohif && plugins.contains("ohif")
                ? Optional.of("ohif/viewer?StudyInstanceUIDs=" + uid)
                : Optional.empty();
    }

    /** One for a series, by Orthanc's id. */
    Optional<String> ofSeries(Mine mine, List<String> plugins, String series) {
        return plugins.contains("web-viewer") && mine.whole("/web-viewer/series/" + series)
                ? Optional.of("web-viewer/app/viewer.html?series=" + series)
                : Optional.empty();
    }
}
