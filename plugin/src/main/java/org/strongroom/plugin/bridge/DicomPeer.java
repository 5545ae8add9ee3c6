package org.strongroom.plugin.bridge;

/**
 * Who asks by DICOM. Each title is what the other side claims; Orthanc has compared it with its own list of modalities only as far as its
 * configuration says.
 *
 * @param aet of the modality
 * @param calledAet whom it believes to call
 * @param ip of the modality, or of the proxy before it; empty before Orthanc 1.12.10
 */
public record DicomPeer(String aet, String calledAet, String ip) {
    static final String CALLED = "called";
    static final String IP = "ip";
}
