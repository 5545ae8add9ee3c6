package org.strongroom.plugin.bridge;

import java.util.UUID;

/**
 * What Orthanc calls an attachment.
 *
 * @param uuid random name, never used twice
 * @param contentType 1 DICOM, 2 JSON, 3 DICOM until PixelData, 0 anything else
 */
public record Attachment(UUID uuid, int contentType) {
    public static final int DICOM = 1;
    public static final int DICOM_AS_JSON = 2;
    public static final int DICOM_UNTIL_PIXEL_DATA = 3;
}
