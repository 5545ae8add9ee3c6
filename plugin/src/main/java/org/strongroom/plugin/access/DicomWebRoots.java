package org.strongroom.plugin.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Where the DICOMweb plugin answers: {@code Root} and {@code WadoRoot} of its settings. One that would hide Orthanc's
 * own routes is REFUSED. Immutable.
 */
public record DicomWebRoots(String root, String wado) {
    /** The plugin's own defaults. */
    public static final DicomWebRoots DEFAULTS = new DicomWebRoots("/dicom-web/", "/wado");

    private static final String PATH = "(/[A-Za-z0-9._~-]*[A-Za-z0-9_~-])+";

    public DicomWebRoots {
        root = canonical(root, "DicomWeb.Root");
        wado = canonical(wado, "DicomWeb.WadoRoot");
    }

    /**
     * As Orthanc's configuration says.
     *
     * @param json the whole of it
     * @throws StrongroomException REFUSED if one would hide Orthanc's own routes
     */
    public static DicomWebRoots of(String json) throws IOException {
        JsonNode web = new ObjectMapper().readTree(json).path("DicomWeb");
        return new DicomWebRoots(
                web.path("Root").asText(DEFAULTS.root()), web.path("WadoRoot").asText(DEFAULTS.wado()));
    }

    private static String canonical(String path, String setting) {
        String bare = ("/" + path).replaceAll("/+", "/").replaceAll("/$", "");
        if (!bare.matches(PATH)) {
            throw StrongroomException.of(FailureKind.REFUSED, "no path that can be told from Orthanc's own")
                    .with("setting", setting)
                    .cure("Write a path of letters, digits, dots and hyphens, for example /dicom-web/");
        }
        return bare;
    }

    String in(String template) {
        return template.replace("<dicom-web>", root).replace("<wado>", wado);
    }
}
