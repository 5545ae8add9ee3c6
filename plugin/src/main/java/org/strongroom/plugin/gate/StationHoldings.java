package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.dimse.Holdings;
import org.strongroom.plugin.tenancy.Parentage;

/** What stations may know, as somebody at them would be shown it. Thread-safe. */
final class StationHoldings implements Holdings {
    private static final Map<Level, String> FOLDERS = Map.of(
            Level.PATIENT, "/patients/",
            Level.STUDY, "/studies/",
            Level.SERIES, "/series/",
            Level.IMAGE, "/instances/");
    private static final Map<Level, String> TYPES =
            Map.of(Level.PATIENT, "Patient", Level.STUDY, "Study", Level.SERIES, "Series", Level.IMAGE, "Instance");
    /** Whose tags a match has as well; a study has its patient's by itself. */
    private static final Map<Level, Level> ABOVE = Map.of(Level.IMAGE, Level.SERIES, Level.SERIES, Level.STUDY);

    private static final Map<Level, String> PARENTS = Map.of(Level.IMAGE, "ParentSeries", Level.SERIES, "ParentStudy");
    private static final Map<String, String> BELOW =
            Map.of("Studies", "/studies/", "Series", "/series/", "Instances", "/instances/");

    /** Orthanc looks up all other identifiers without reading a pattern into them. */
    private static final String ACCESSION = "0008,0050";

    private static final Pattern WILD = Pattern.compile("[*?]");

    /** What the answer is told of, or what it counts. */
    private static final Set<String> COUNTED = Set.of(
            "0008,0054",
            "0008,0056",
            "0008,0061",
            "0008,0062",
            "0008,1190",
            "0020,1200",
            "0020,1202",
            "0020,1204",
            "0020,1206",
            "0020,1208",
            "0020,1209");

    private static final System.Logger LOG = System.getLogger(StationHoldings.class.getName());

    private final Function<String, Sight> ofTenant;
    private final Shown shown;
    private final StationCounts counts;
    private final Parentage studies;
    private final boolean caseSensitiveNames;

    /**
     * @param ofTenant what stations of a tenant see
     * @param caseSensitiveNames whether upper and lower case differ in names of persons; elsewhere they always do
     */
    StationHoldings(Function<String, Sight> ofTenant, Shown shown, Parentage studies, boolean caseSensitiveNames) {
        this.ofTenant = ofTenant;
        this.shown = shown;
        this.counts = new StationCounts(shown);
        this.studies = studies;
        this.caseSensitiveNames = caseSensitiveNames;
    }

    @Override
    public List<String> find(String tenant, Level level, Map<String, String> constraints, int most) {
        Sight sight = ofTenant.apply(tenant);
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        boolean names = false;
        for (Map.Entry<String, String> constraint : constraints.entrySet()) {
            Optional<QidoTag> known = tag(constraint.getKey());
            String name = known.map(QidoTag::name).orElse(constraint.getKey());
            if (sight.compares(name)) {
                query.put(name, constraint.getValue());
                names |= known.filter(tag -> tag.vr().equals("PN")).isPresent();
            }
        }
        return sight.found(new Search(FOLDERS.get(level), query, caseSensitiveNames || !names, new Page(0, most)));
    }

    private static Optional<QidoTag> tag(String comma) {
        return QidoTag.of(comma.replace(",", "").toUpperCase(Locale.ROOT));
    }

    @Override
    public List<String> named(String tenant, Level level, String identifier) {
        Sight sight = ofTenant.apply(tenant);
        List<String> named = new ArrayList<>();
        for (JsonNode one : shown.post("/tools/lookup", identifier.getBytes(StandardCharsets.UTF_8))) {
            String path = FOLDERS.get(level) + one.path("ID").asText();
            if (one.path("Type").asText().equals(TYPES.get(level)) && sight.sees(path)) {
                named.add(path);
            }
        }
        boolean accession = named.isEmpty()
                && level == Level.STUDY
                && !WILD.matcher(identifier).find();
        return accession ? find(tenant, level, Map.of(ACCESSION, identifier), Integer.MAX_VALUE) : named;
    }

    @Override
    public Optional<Map<String, JsonNode>> describe(String tenant, String path, Level level, Set<String> tags) {
        Optional<Map<String, JsonNode>> known = known(ofTenant.apply(tenant), path, level, tags);
        known.ifPresent(values -> values.keySet().retainAll(tags));
        return known;
    }

    private Optional<Map<String, JsonNode>> known(Sight sight, String path, Level level, Set<String> tags) {
        try {
            Map<String, String> texts = new HashMap<>();
            String uri = path;
            for (Level at = level; at != null; at = ABOVE.get(at)) {
                Optional<JsonNode> here = sight.resource(uri);
                if (here.isEmpty()) {
                    return Optional.empty();
                }
                index(here.get(), texts);
                if (at == level) {
                    counts.add(sight, uri, level, here.get(), tags, texts);
                }
                if (ABOVE.containsKey(at)) {
                    uri = FOLDERS.get(ABOVE.get(at))
                            + here.get().path(PARENTS.get(at)).asText();
                }
            }
            Map<String, JsonNode> known = new HashMap<>();
            texts.forEach((tag, text) -> known.put(tag, TextNode.valueOf(text)));
            if (tags.stream().anyMatch(tag -> !known.containsKey(tag) && isInFiles(tag, level))) {
                tryFile(sight, path, tags, known);
            }
            return Optional.of(known);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether a file may say what the index does not: not what Orthanc would have there if the image had it, nor what it counts. */
    private static boolean isInFiles(String comma, Level level) {
        Optional<QidoTag> known = tag(comma);
        return known.isEmpty() || (!Search.isOf(known.get().name(), FOLDERS.get(level)) && !COUNTED.contains(comma));
    }

    private static void index(JsonNode resource, Map<String, String> known) {
        for (String tags : List.of("PatientMainDicomTags", "MainDicomTags")) {
            resource.path(tags).properties().forEach(value -> QidoTag.of(value.getKey())
                    .ifPresent(
                            tag -> known.put(tag.withComma(), value.getValue().asText())));
        }
    }

    /** One file that cannot be read, or is in an archive, must not hide everything else that was found. */
    private void tryFile(Sight sight, String path, Set<String> tags, Map<String, JsonNode> known) {
        try {
            file(sight, path, tags, known);
        } catch (StrongroomException e) {
            LOG.log(System.Logger.Level.DEBUG, "A match is answered without what only its file has", e);
        }
    }

    /** What the index does not have, from an image. */
    private void file(Sight sight, String path, Set<String> tags, Map<String, JsonNode> known) {
        Optional<String> image = firstImage(sight, path);
        String uri = "/instances/" + image.orElse("") + "/tags";
        if (image.isPresent() && sight.seesWhole(uri)) {
            JsonNode file = shown.get(uri);
            for (String tag : tags) {
                value(file.path(tag)).ifPresent(value -> known.putIfAbsent(tag, value));
            }
        }
    }

    /** Of an element as Orthanc tells it; empty if it has none that is text. */
    private static Optional<JsonNode> value(JsonNode element) {
        JsonNode value = element.path("Value");
        return switch (element.path("Type").asText()) {
            case "String" -> Optional.of(value);
            case "Sequence" -> Optional.of(sequence(value));
            default -> Optional.empty();
        };
    }

    private static ArrayNode sequence(JsonNode items) {
        ArrayNode sequence = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : items) {
            ObjectNode values = sequence.addObject();
            item.properties().forEach(element -> value(element.getValue())
                    .ifPresent(value -> values.set(element.getKey(), value)));
        }
        return sequence;
    }

    private Optional<String> firstImage(Sight sight, String path) {
        if (path.startsWith(FOLDERS.get(Level.IMAGE))) {
            return Optional.of(path.substring(path.lastIndexOf('/') + 1));
        }
        JsonNode here = sight.resource(path).orElse(JsonNodeFactory.instance.objectNode());
        for (Map.Entry<String, String> below : BELOW.entrySet()) {
            if (here.path(below.getKey()).size() > 0) {
                return firstImage(
                        sight,
                        below.getValue() + here.path(below.getKey()).path(0).asText());
            }
        }
        return Optional.empty();
    }

    @Override
    public Map<String, List<String>> images(String tenant, String path) {
        Map<String, List<String>> images = new LinkedHashMap<>();
        addImages(ofTenant.apply(tenant), path, images);
        return images;
    }

    /** What is deleted meanwhile is left out; what is beside it is not. */
    private void addImages(Sight sight, String path, Map<String, List<String>> images) {
        try {
            addThose(sight, path, images);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void addThose(Sight sight, String path, Map<String, List<String>> images) {
        String id = path.substring(path.lastIndexOf('/') + 1);
        if (path.startsWith(FOLDERS.get(Level.IMAGE))) {
            if (sight.sees(path + "/file")) {
                String study = studies.studiesOf(new Resource(org.strongroom.plugin.access.Level.INSTANCE, false, id))
                        .iterator()
                        .next();
                images.computeIfAbsent(study, none -> new ArrayList<>()).add(id);
            }
            return;
        }
        JsonNode here = sight.resource(path).orElse(JsonNodeFactory.instance.objectNode());
        BELOW.forEach((member, folder) ->
                here.path(member).forEach(child -> addImages(sight, folder + child.asText(), images)));
    }
}
