package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.tenancy.OrthancApi;

/**
 * What Orthanc says of a resource, as it may be shown. Of a patient of several tenants Orthanc keeps the tags that came first: they are
 * taken from an image of the caller's then, and what is about the whole patient is left out. Thread-safe.
 */
final class Shown {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATIENT_TAGS = "PatientMainDicomTags";
    private static final String TAGS = "MainDicomTags";

    private final OrthancApi orthanc;

    Shown(OrthancApi orthanc) {
        this.orthanc = orthanc;
    }

    JsonNode get(String uri) {
        return read(orthanc.get(uri));
    }

    JsonNode post(String uri, byte[] body) {
        return read(orthanc.post(uri, body));
    }

    void delete(String uri) {
        orthanc.delete(uri);
    }

    /**
     * A patient, study, series or instance; empty if it is gone meanwhile.
     *
     * @param own whether its patient is another's as well
     * @param part whether some of the patient's studies are not the caller's
     * @param mine whether a study, by its path, is the caller's
     */
    Optional<JsonNode> resource(String uri, boolean own, boolean part, Predicate<String> mine) {
        try {
            ObjectNode whole = (ObjectNode) get(uri);
            if (!own && !part) {
                return Optional.of(whole);
            }
            return uri.startsWith("/patients/") ? patient(whole, mine) : Optional.of(study(whole, uri));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private ObjectNode study(ObjectNode whole, String uri) {
        if (whole.has(PATIENT_TAGS)) {
            whole.set(PATIENT_TAGS, patientTags(whole.get(PATIENT_TAGS), uri));
        }
        return whole;
    }

    private Optional<JsonNode> patient(ObjectNode whole, Predicate<String> mine) {
        ArrayNode studies = JsonNodeFactory.instance.arrayNode();
        String newest = "";
        boolean stable = true;
        for (JsonNode study : whole.path("Studies")) {
            String uri = "/studies/" + study.asText();
            if (mine.test(uri)) {
                studies.add(study);
                JsonNode known = get(uri);
                String update = known.path("LastUpdate").asText("");
                newest = update.compareTo(newest) > 0 ? update : newest;
                stable &= known.path("IsStable").asBoolean(true);
            }
        }
        if (studies.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.set("ID", whole.get("ID"));
        shown.put("IsStable", stable);
        if (whole.has("Labels")) {
            shown.putArray("Labels");
        }
        shown.put("LastUpdate", newest);
        shown.set(
                TAGS, patientTags(whole.path(TAGS), "/studies/" + studies.get(0).asText()));
        shown.set("Studies", studies);
        shown.set("Type", whole.get("Type"));
        return Optional.of(shown);
    }

    /** The same tags as an image of this study has them. */
    private ObjectNode patientTags(JsonNode kept, String study) {
        String series = get(study).path("Series").path(0).asText();
        String instance = get("/series/" + series).path("Instances").path(0).asText();
        JsonNode tags = get("/instances/" + instance + "/simplified-tags");
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        for (String name : names(kept)) {
            if (tags.path(name).isTextual()) {
                own.set(name, tags.get(name));
            }
        }
        return own;
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.BUG, "Orthanc's answer is not JSON")
                    .causedBy(e);
        }
    }
}
