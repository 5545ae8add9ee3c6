package org.strongroom.plugin.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

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
}
