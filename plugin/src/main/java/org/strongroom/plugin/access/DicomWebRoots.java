package org.strongroom.plugin.access;

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
