package org.strongroom.plugin.seal;

import java.util.Objects;
import java.util.UUID;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.codec.PixelData;

/**
 * One attachment to be sealed.
 *
 * @param installation id of this installation
 * @param attachment Orthanc's uuid
 * @param tenant id of the tenant
 * @param keyId id of the study key or of the attachment's own key
 * @param seriesTag keyed hash of the SeriesInstanceUID, or {@link Tag16#NONE}
 * @param order InstanceNumber, or 0
 * @param contentType Orthanc's content type
 * @param plain the attachment
 * @param headSize bytes before the PixelData element, 0 for no head; a head of more than 4 MiB stays in the body
 * @param pixels native pixels after the head, or null; what lies outside the attachment is not believed
 */
public record SealRequest(
        UUID installation,
        UUID attachment,
        UUID tenant,
        UUID keyId,
        Tag16 seriesTag,
        int order,
        int contentType,
        ByteSource plain,
        long headSize,
        PixelData pixels) {

    public SealRequest {
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(attachment, "attachment");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(keyId, "keyId");
        Objects.requireNonNull(seriesTag, "seriesTag");
        if (headSize < 0 || headSize > plain.size()) {
            throw new IllegalArgumentException("head of " + headSize + " in " + plain.size() + " bytes");
        }
    }
}
