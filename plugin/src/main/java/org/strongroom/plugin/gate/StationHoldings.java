package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.dimse.Holdings;
import org.strongroom.plugin.tenancy.Parentage;

/** What a tenant's stations may know: the same that a radiologist of the tenant is shown. Thread-safe. */
final class StationHoldings implements Holdings {
    private static final Map<Level, String> FOLDERS = Map.of(
            Level.PATIENT, "/patients/",
            Level.STUDY, "/studies/",
            Level.SERIES, "/series/",
            Level.IMAGE, "/instances/");
    /** Whose tags a match has as well; a study has its patient's by itself. */
    private static final Map<Level, Level> ABOVE = Map.of(Level.IMAGE, Level.SERIES, Level.SERIES, Level.STUDY);

    private static final Map<Level, String> PARENTS = Map.of(Level.IMAGE, "ParentSeries", Level.SERIES, "ParentStudy");
    private static final Map<String, String> BELOW =
            Map.of("Studies", "/studies/", "Series", "/series/", "Instances", "/instances/");

    private static final System.Logger LOG = System.getLogger(StationHoldings.class.getName());

    private final Function<String, Mine> ofTenant;
    private final Lists lists;
    private final Shown shown;
    private final StationCounts counts;
    private final Parentage studies;
    private final boolean caseSensitiveNames;

    /**
     * @param ofTenant what stations of a tenant may ask for
     * @param caseSensitiveNames whether upper and lower case differ in names of persons; elsewhere they always do
     */
    StationHoldings(
            Function<String, Mine> ofTenant, Lists lists, Shown shown, Parentage studies, boolean caseSensitiveNames) {
        this.ofTenant = ofTenant;
        this.lists = lists;
        this.shown = shown;
        this.counts = new StationCounts(shown);
        this.studies = studies;
        this.caseSensitiveNames = caseSensitiveNames;
    }

    @Override
    public List<String> find(String tenant, Level level, Map<String, String> constraints, int most) {
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        boolean names = false;
        for (Map.Entry<String, String> constraint : constraints.entrySet()) {
            Optional<QidoTag> known = tag(constraint.getKey()).filter(tag -> Search.knows(tag.name()));
            if (known.isPresent()) {
                query.put(known.get().name(), constraint.getValue());
                names |= known.get().vr().equals("PN");
            }
        }
        Search search = new Search(FOLDERS.get(level), query, caseSensitiveNames || !names, true, new Page(0, most));
        return lists.found(ofTenant.apply(tenant).principal(), search);
    }

    private static Optional<QidoTag> tag(String comma) {
        return QidoTag.of(comma.replace(",", "").toUpperCase(Locale.ROOT));
    }

    @Override
    public Optional<Map<String, Value>> describe(String tenant, String path, Level level, Set<String> tags) {
        Map<String, QidoTag> wanted = new HashMap<>();
        tags.forEach(tag -> tag(tag).ifPresent(known -> wanted.put(tag, known)));
        return known(ofTenant.apply(tenant), path, level, wanted.keySet()).map(known -> {
            Map<String, Value> values = new HashMap<>();
            wanted.forEach((name, tag) -> {
                if (known.containsKey(name)) {
                    values.put(name, new Value(tag.vr(), known.get(name)));
                }
            });
            return values;
        });
    }

    private Optional<Map<String, String>> known(Mine mine, String path, Level level, Set<String> tags) {
        try {
            Map<String, String> known = new HashMap<>();
            String uri = path;
            for (Level at = level; at != null; at = ABOVE.get(at)) {
                Optional<JsonNode> here = mine.resource(shown, uri);
                if (here.isEmpty()) {
                    return Optional.empty();
                }
                index(here.get(), known);
                if (at == level) {
                    counts.add(mine, uri, level, here.get(), tags, known);
                }
                if (ABOVE.containsKey(at)) {
                    uri = FOLDERS.get(ABOVE.get(at))
                            + here.get().path(PARENTS.get(at)).asText();
                }
            }
            if (!known.keySet().containsAll(tags)) {
                tryFile(mine, path, tags, known);
            }
            return Optional.of(known);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void index(JsonNode resource, Map<String, String> known) {
        for (String tags : List.of("PatientMainDicomTags", "MainDicomTags")) {
            resource.path(tags).properties().forEach(value -> QidoTag.of(value.getKey())
                    .ifPresent(
                            tag -> known.put(tag.withComma(), value.getValue().asText())));
        }
    }

    /** One file that cannot be read, or is in an archive, must not hide everything else that was found. */
    private void tryFile(Mine mine, String path, Set<String> tags, Map<String, String> known) {
        try {
            file(mine, path, tags, known);
        } catch (StrongroomException e) {
            LOG.log(System.Logger.Level.DEBUG, "A match is answered without what only its file has", e);
        }
    }

    /** What the index does not have, from an image. */
    private void file(Mine mine, String path, Set<String> tags, Map<String, String> known) {
        Optional<String> image = firstImage(mine, path);
        String uri = "/instances/" + image.orElse("") + "/tags";
        if (image.isPresent() && mine.whole(uri)) {
            JsonNode file = shown.get(uri);
            for (String tag : tags) {
                JsonNode value = file.path(tag);
                if (value.path("Type").asText().equals("String")) {
                    known.putIfAbsent(tag, value.path("Value").asText());
                }
            }
        }
    }

    private Optional<String> firstImage(Mine mine, String path) {
        if (path.startsWith(FOLDERS.get(Level.IMAGE))) {
            return Optional.of(path.substring(path.lastIndexOf('/') + 1));
        }
        JsonNode here = mine.resource(shown, path).orElse(JsonNodeFactory.instance.objectNode());
        for (Map.Entry<String, String> below : BELOW.entrySet()) {
            if (here.path(below.getKey()).size() > 0) {
                return firstImage(
                        mine,
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
    private void addImages(Mine mine, String path, Map<String, List<String>> images) {
        try {
            addThose(mine, path, images);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void addThose(Mine mine, String path, Map<String, List<String>> images) {
        String id = path.substring(path.lastIndexOf('/') + 1);
        if (path.startsWith(FOLDERS.get(Level.IMAGE))) {
            if (mine.decision(path + "/file").isPresent()) {
                String study = studies.studiesOf(new Resource(org.strongroom.plugin.access.Level.INSTANCE, false, id))
                        .iterator()
                        .next();
                images.computeIfAbsent(study, none -> new ArrayList<>()).add(id);
            }
            return;
        }
        JsonNode here = mine.resource(shown, path).orElse(JsonNodeFactory.instance.objectNode());
        BELOW.forEach((member, folder) ->
                here.path(member).forEach(child -> addImages(mine, folder + child.asText(), images)));
    }
}
