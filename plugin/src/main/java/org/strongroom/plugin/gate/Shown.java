package org.strongroom.plugin.gate;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Parentage;

/**
 * What Orthanc says of a resource, as it may be shown. Of a patient of several tenants Orthanc keeps the tags that came first: they are
 * taken from an image of the caller's then, and what is about the whole patient is left out. Thread-safe.
 */
final class Shown {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATIENT_TAGS = "PatientMainDicomTags";
    private static final String TAGS = "MainDicomTags";
    private static final String REQUESTED = "RequestedTags";

    private final OrthancApi orthanc;
    private final boolean findsByParent;
    private final Parentage parentage;

    Shown(OrthancApi orthanc) {
        this(orthanc, false);
    }

    /** @param findsByParent whether this Orthanc's searches take a parent, and tell of each match what is asked for (from 1.12.7 on) */
    Shown(OrthancApi orthanc, boolean findsByParent) {
        this.orthanc = orthanc;
        this.findsByParent = findsByParent;
        this.parentage = new Parentage(orthanc);
    }

    JsonNode get(String uri) {
        return read(orthanc.get(uri));
    }

    /**
     * Each of a list of resources, by its id, in the words of Orthanc: what passes as it is need not be taken apart and put together.
     *
     * @return may be changed
     */
    Map<String, String> each(String uri) {
        byte[] list = orthanc.get(uri);
        Map<String, String> each = new HashMap<>();
        try (JsonParser parser = JSON.createParser(list)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new JsonParseException(parser, "not a list");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                int begin = at(parser.currentTokenLocation());
                String id = idIn(parser);
                int end = at(parser.currentLocation());
                each.put(id, new String(list, begin, end - begin, StandardCharsets.UTF_8));
            }
            return each;
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    private static int at(JsonLocation place) {
        return Math.toIntExact(place.getByteOffset());
    }

    /** Goes to the end of the object. */
    private static String idIn(JsonParser object) throws IOException {
        String id = "";
        while (object.nextToken() == JsonToken.FIELD_NAME) {
            boolean named = object.currentName().equals("ID");
            if (object.nextToken() == JsonToken.VALUE_STRING && named) {
                id = object.getText();
            }
            object.skipChildren();
        }
        return id;
    }

    JsonNode post(String uri, byte[] body) {
        return read(orthanc.post(uri, body));
    }

    /**
     * The series of a study: at least the main tags and the instances of each. Where Orthanc can it is searched for: to say of a series
     * whether it is complete, as lists do, Orthanc 1.12.7 takes the longer the more studies there are.
     *
     * @param study Orthanc's id
     */
    JsonNode series(String study) {
        if (!findsByParent) {
            return get("/studies/" + study + "/series");
        }
        ObjectNode search = JSON.createObjectNode().put("Level", "Series").put("ParentStudy", study);
        search.putObject("Query");
        search.putArray("ResponseContent").add(TAGS).add("Children");
        return post("/tools/find", search.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The path of the study of a series or instance; empty if that is gone. */
    Optional<String> studyOf(String uri) {
        Level level = uri.startsWith("/series/") ? Level.SERIES : Level.INSTANCE;
        String id = uri.substring(uri.lastIndexOf('/') + 1);
        try {
            return parentage.studiesOf(new Resource(level, false, id)).stream()
                    .findFirst()
                    .map("/studies/"::concat);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The path of the patient of a study, by its path; empty if that is gone. */
    Optional<String> patientOf(String study) {
        try {
            return Optional.of("/patients/" + parentage.patientOf(Matches.id(study)));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A resource as Orthanc has it, which is shown to nobody so; empty if it is gone. */
    Optional<JsonNode> asItIs(String uri) {
        try {
            return Optional.of(get(uri));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The path of what one of Orthanc's ids names; empty if nothing. */
    Optional<String> find(String id) {
        return parentage.find(id).map(found -> Parentage.path(found.level(), found.id()));
    }

    void delete(String uri) {
        orthanc.delete(uri);
    }

    /** The same without more tags. */
    Optional<JsonNode> resource(String uri, boolean own, boolean part, Predicate<String> mine) {
        return resource(uri, Detail.USUAL, own, part, mine);
    }

    /**
     * A patient, study, series or instance; empty if it is gone meanwhile.
     *
     * @param detail with tags of the patient only of a patient or study
     * @param own whether its patient is another's as well
     * @param part whether some of the patient's studies are not the caller's
     * @param mine whether a study, by its path, is the caller's
     */
    Optional<JsonNode> resource(String uri, Detail detail, boolean own, boolean part, Predicate<String> mine) {
        try {
            ObjectNode whole = (ObjectNode) get(detail.asked(uri));
            if (!own && !part) {
                return Optional.of(whole);
            }
            return uri.startsWith("/patients/") ? patient(whole, detail, mine) : Optional.of(study(whole, uri, detail));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private ObjectNode study(ObjectNode whole, String uri, Detail detail) {
        if (whole.has(PATIENT_TAGS)) {
            List<String> kept = names(whole.get(PATIENT_TAGS));
            ObjectNode own = ownTags(kept, uri, detail.format());
            whole.set(PATIENT_TAGS, own);
            // Orthanc has these from what it keeps of the patient; others it reads from a file of this study.
            if (whole.path(REQUESTED) instanceof ObjectNode requested) {
                kept.stream()
                        .filter(requested::has)
                        .forEach(name ->
                                requested.set(name, own.has(name) ? own.get(name) : withoutValue(requested.get(name))));
            }
        }
        return whole;
    }

    /** As Orthanc writes one that has none. */
    private static JsonNode withoutValue(JsonNode tag) {
        return tag instanceof ObjectNode full ? full.deepCopy().put("Value", "") : TextNode.valueOf("");
    }

    private Optional<JsonNode> patient(ObjectNode whole, Detail detail, Predicate<String> mine) {
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
        String first = "/studies/" + studies.get(0).asText();
        shown.set(TAGS, ownTags(names(whole.path(TAGS)), first, detail.format()));
        if (whole.has(REQUESTED)) { // what the index lacks Orthanc reads from anybody's file
            List<String> requested =
                    detail.requested().stream().map(detail.format()::key).toList();
            shown.set(REQUESTED, ownTags(requested, first, detail.format()));
        }
        shown.set("Studies", studies);
        shown.set("Type", whole.get("Type"));
        return Optional.of(shown);
    }

    /** As an image of this study has them. */
    private ObjectNode ownTags(List<String> keys, String study, TagFormat format) {
        String series = get(study).path("Series").path(0).asText();
        String instance = get("/series/" + series).path("Instances").path(0).asText();
        JsonNode tags = get("/instances/" + instance + format.ofImage());
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        for (String key : keys) {
            JsonNode tag = tags.path(key);
            if (tag.isTextual() || tag.path("Value").isTextual()) {
                own.set(key, tag);
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
            throw notJson(e);
        }
    }

    private static StrongroomException notJson(IOException e) {
        return StrongroomException.of(FailureKind.BUG, "Orthanc's answer is not JSON")
                .causedBy(e);
    }
}
