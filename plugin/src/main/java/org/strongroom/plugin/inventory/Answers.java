package org.strongroom.plugin.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.Attachment;

/** Orthanc's JSON. */
final class Answers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.BUG, "Orthanc's answer is not JSON")
                    .causedBy(e);
        }
    }

    /** The uuid in what Orthanc says of an attachment. */
    static UUID uuid(JsonNode attachment) {
        try {
            return UUID.fromString(attachment.path("Uuid").asText());
        } catch (IllegalArgumentException e) {
            throw StrongroomException.of(FailureKind.BUG, "Orthanc's answer holds no attachment uuid")
                    .causedBy(e);
        }
    }

    /** What {@code /tools/find} says of an attachment. */
    static IndexedFile file(JsonNode attachment) {
        return file(attachment, attachment.path("ContentType").asInt());
    }

    /** What {@code …/info} says of the attachment {@code name}: older Orthancs do not tell its type. */
    static IndexedFile file(JsonNode info, String name) {
        return file(
                info, info.path("ContentType").isInt() ? info.get("ContentType").asInt() : typeOf(name));
    }

    /** With StorageCompression the compressed bytes are what Orthanc stores; without, both are the same. */
    private static IndexedFile file(JsonNode attachment, int type) {
        String md5 = attachment.path("CompressedMD5").asText("");
        return new IndexedFile(new Attachment(uuid(attachment), type(type)), md5);
    }

    private static int typeOf(String name) {
        return switch (name) {
            case "dicom" -> Attachment.DICOM;
            case "dicom-as-json" -> Attachment.DICOM_AS_JSON;
            case "dicom-until-pixel-data" -> Attachment.DICOM_UNTIL_PIXEL_DATA;
            default -> 0;
        };
    }

    /** As Orthanc tells it to a storage area: its users' own types are all 0. */
    private static int type(int orthancs) {
        return orthancs >= Attachment.DICOM && orthancs <= Attachment.DICOM_UNTIL_PIXEL_DATA ? orthancs : 0;
    }
}
