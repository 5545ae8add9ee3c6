package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpAnswer;
import org.strongroom.plugin.tenancy.OrthancApi;

/**
 * Orthanc's index as far as lists need it: studies with one series of one image each. As Orthanc does, it keeps a patient's tags from
 * the first study, and finds patients by them; studies, and what is in them, it finds by those that came with themselves.
 */
final class PlayedOrthanc implements OrthancApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> resources = new LinkedHashMap<>();
    /** Tags of the patient that came with a study, by its id. */
    private final Map<String, JsonNode> copies = new HashMap<>();

    private final ArrayNode changes = JSON.createArrayNode();
    /** How often it was asked. */
    int asked;

    /** Tags that are not in the index, as the file has them that Orthanc reads. */
    final Map<String, String> inAFile = new HashMap<>();

    final List<String> uris = new ArrayList<>();
    /** Which part of its log it was asked for. */
    String history = "";
    /** The last search. */
    String searched = "";
    /** What it answers to searches, if it takes none. */
    Optional<StrongroomException> refusesSearches = Optional.empty();
    /** What it has beside itself. */
    List<String> plugins = List.of();
    /** What cannot be had. */
    final Map<String, FailureKind> failing = new HashMap<>();

    /** What it was told to do, with the body. */
    final List<String> orders = new ArrayList<>();
    /** What it says to the next orders, if it refuses them. */
    Optional<HttpAnswer> refusal = Optional.empty();
    /** How often a job has to be asked for until it is over, and how it ends. */
    int rounds = 2;

    String end = "Success";
    /** What happens while it takes an order, with how many it is taking. */
    IntConsumer meanwhile = depth -> {};

    /** By path. */
    final Map<String, Set<String>> labels = new HashMap<>();

    boolean knowsLabels = true;
    boolean slicesInAnotherOrder;

    private int depth;

    /** Orders, which become jobs and queries with ids that count. */
    HttpAnswer order(String uri, byte[] body) {
        depth++;
        meanwhile.accept(depth);
        depth--;
        orders.add(uri + " " + new String(body, StandardCharsets.UTF_8));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        String folder = uri.contains("/query") ? "/queries/" : "/jobs/";
        String id = String.format("00000000-0000-0000-0000-%012d", orders.size());
        ObjectNode made =
                JSON.createObjectNode().put("ID", id).put("State", "Running").put("ErrorDetails", "of NORTH");
        made.putObject("Content").put("What", uri).putArray("Peer").add("http://10.0.0.9/");
        resources.put(folder + id, made);
        return new HttpAnswer(
                200,
                "",
                bytes(JSON.createObjectNode()
                        .put("ID", id)
                        .put("Path", folder + id)
                        .toString()));
    }

    /** Stores an image; returns Orthanc's id of its study. */
    String store(String patient, String name, String uid) {
        String patientId = OrthancId.ofPatient(bytes(patient)).iterator().next();
        String study = OrthancId.ofStudy(bytes(patient), bytes(uid)).iterator().next();
        String series = study.replace('a', 'b').replace('1', '2');
        String instance = study.replace('a', 'c').replace('1', '3');
        ObjectNode known = resources.computeIfAbsent("/patients/" + patientId, none -> {
            ObjectNode made = resource(patientId, "Patient", "LastUpdate", "2026");
            made.putObject("MainDicomTags").put("PatientID", patient).put("PatientName", name);
            made.putArray("Studies");
            made.putArray("Labels").add("label-of-" + name);
            return made;
        });
        known.put("LastUpdate", "2026" + name);
        ((ArrayNode) known.get("Studies")).add(study);
        ObjectNode made = resource(study, "Study", "LastUpdate", "2026" + name);
        made.putObject("MainDicomTags").put("StudyInstanceUID", uid).put("TimezoneOffsetFromUTC", "+0100");
        made.put("ParentPatient", patientId);
        made.set("PatientMainDicomTags", known.get("MainDicomTags"));
        made.putArray("Series").add(series);
        copies.put(study, JSON.createObjectNode().put("PatientID", patient).put("PatientName", name));
        resources.put("/studies/" + study, made);
        statistics(study, 1, 1, 512);
        ObjectNode below = resource(series, "Series", "ParentStudy", study);
        below.putArray("Instances").add(instance);
        below.putObject("MainDicomTags")
                .put("SeriesInstanceUID", uid + ".1")
                .put("SeriesNumber", "7")
                .put("Modality", "CT");
        resources.put("/series/" + series, below);
        ObjectNode image = resource(instance, "Instance", "ParentSeries", series);
        image.putObject("MainDicomTags").put("SOPInstanceUID", uid + ".1.1").put("InstanceNumber", "x");
        resources.put("/instances/" + instance, image);
        resources.put(
                "/instances/" + instance + "/metadata?expand",
                JSON.createObjectNode().put("SopClassUid", "1.2.840.10008.5.1.4.1.1.2"));
        ObjectNode tags = JSON.createObjectNode();
        tags.putObject("0010,0010")
                .put("Name", "PatientName")
                .put("Type", "String")
                .put("Value", name);
        tags.putObject("0010,0020")
                .put("Name", "PatientID")
                .put("Type", "String")
                .put("Value", patient);
        tag(tags, "0008,0016", "String", "1.2.840.10008.5.1.4.1.1.2");
        tag(tags, "0028,0010", "String", "512");
        tag(tags, "0018,0050", "String", "1.25");
        tag(tags, "0008,1090", "String", "Model of " + name);
        tag(tags, "0010,4000", "String", "Comment on " + name);
        ArrayNode steps = tags.putObject("0040,0275").put("Type", "Sequence").putArray("Value");
        ObjectNode step = steps.addObject();
        tag(step, "0040,0009", "String", "step of " + name);
        tag(step, "0009,1001", "Binary", "");
        tag(tags, "7fe0,0010", "Binary", "");
        resources.put("/instances/" + instance + "/tags", tags);
        change("Patient", patientId);
        change("Study", study);
        change("Series", series);
        resources.put(
                "/instances/" + instance + "/simplified-tags",
                JSON.createObjectNode().put("PatientID", patient).put("PatientName", name));
        return study;
    }

    /** @param bytes on the disk; twice as many are not compressed */
    void statistics(String study, int series, int instances, long bytes) {
        resources.put(
                "/studies/" + study + "/statistics",
                JSON.createObjectNode()
                        .put("CountSeries", series)
                        .put("CountInstances", instances)
                        .put("DiskSize", Long.toString(bytes))
                        .put("UncompressedSize", Long.toString(2 * bytes)));
    }

    /** The PatientID in what is said of a study. */
    void name(String study, String patient) {
        resources.get("/studies/" + study).withObject("/PatientMainDicomTags").put("PatientID", patient);
    }

    /** Who referred the patient of a study. */
    void refer(String study, String physician) {
        resources.get("/studies/" + study).withObject("/MainDicomTags").put("ReferringPhysicianName", physician);
    }

    /** Metadata of a resource, by its path. */
    void metadata(String path, String note) {
        resources.put(path + "/metadata?expand", JSON.createObjectNode().put("Note", note));
    }

    /** Stores more images of the series of a study. */
    void fill(String study, int images) {
        String series =
                resources.get("/studies/" + study).path("Series").path(0).asText();
        String first = study.replace('a', 'c').replace('1', '3');
        for (int i = 0; i < images; i++) {
            String id = first.substring(0, 36) + String.valueOf(10_000_000 + i);
            ObjectNode image = resource(id, "Instance", "ParentSeries", series);
            image.putObject("MainDicomTags").put("SOPInstanceUID", "9.9." + i);
            resources.put("/instances/" + id, image);
            ((ArrayNode) resources.get("/series/" + series).get("Instances")).add(id);
        }
    }

    /** Adds a series of one image, the last of a study. */
    void addSeries(String study, String sopClass) {
        String series = study.substring(0, 36) + "20000000";
        String instance = study.substring(0, 36) + "30000000";
        ((ArrayNode) resources.get("/studies/" + study).get("Series")).add(series);
        ObjectNode made = resource(series, "Series", "ParentStudy", study);
        made.putArray("Instances").add(instance);
        resources.put("/series/" + series, made);
        resources.put("/instances/" + instance, resource(instance, "Instance", "ParentSeries", series));
        resources.put(
                "/instances/" + instance + "/metadata?expand",
                JSON.createObjectNode().put("SopClassUid", sopClass));
    }

    /** What holds the file's tags of the image of a study. */
    static String tags(String study) {
        return "/instances/" + study.replace('a', 'c').replace('1', '3') + "/tags";
    }

    private static void tag(ObjectNode tags, String tag, String type, String value) {
        tags.putObject(tag).put("Name", "x").put("Type", type).put("Value", value);
    }

    private void change(String type, String id) {
        changes.addObject()
                .put("ChangeType", "New" + type)
                .put("ID", id)
                .put("ResourceType", type)
                .put("Seq", changes.size());
    }

    private static ObjectNode resource(String id, String type, String name, String value) {
        return JSON.createObjectNode()
                .put("ID", id)
                .put("Type", type)
                .put("IsStable", true)
                .put(name, value);
    }

    @Override
    public byte[] get(String uri) {
        asked++;
        uris.add(uri);
        if (failing.containsKey(uri)) {
            throw StrongroomException.of(failing.get(uri), "it cannot be read");
        }
        String bare = uri.replaceFirst("[?&](short|full)$", "");
        return bare.equals(uri)
                ? answer(uri)
                : bytes(written(read(answer(bare)), uri.endsWith("full")).toString());
    }

    /** The tags in an answer by their digits, as Orthanc does. */
    private static JsonNode written(JsonNode answer, boolean full) {
        if (answer.isArray()) {
            ArrayNode list = JSON.createArrayNode();
            answer.forEach(one -> list.add(written(one, full)));
            return list;
        }
        ObjectNode written = answer.deepCopy();
        for (Map.Entry<String, JsonNode> member : answer.properties()) {
            if (member.getKey().endsWith("Tags")) {
                ObjectNode tags = written.putObject(member.getKey());
                member.getValue().properties().forEach(tag -> {
                    String digits = QidoTag.of(tag.getKey()).orElseThrow().withComma();
                    if (full) {
                        tags.putObject(digits)
                                .put("Name", tag.getKey())
                                .put("Type", "String")
                                .put("Value", tag.getValue().asText());
                    } else {
                        tags.set(digits, tag.getValue());
                    }
                });
            } else if (member.getKey().matches("[0-9a-f]{4},[0-9a-f]{4}")) { // an image's own
                written.set(member.getKey(), member.getValue().get("Value"));
            }
        }
        return written;
    }

    private byte[] answer(String uri) {
        if (uri.startsWith("/changes")) {
            history = uri;
            ObjectNode page =
                    JSON.createObjectNode().put("Done", false).put("Last", 4711).put("Secret", "NORTH");
            page.set("Changes", changes);
            return bytes(page.toString());
        }
        if (uri.startsWith("/studies/") && uri.endsWith("/series")) {
            ArrayNode list = JSON.createArrayNode();
            resources
                    .get(uri.replace("/series", ""))
                    .path("Series")
                    .forEach(series -> list.add(resources.get("/series/" + series.asText())));
            return bytes(list.toString());
        }
        if (uri.equals("/system")) {
            return bytes(JSON.createObjectNode().put("HasLabels", knowsLabels).toString());
        }
        if (uri.equals("/tools/labels")) {
            Set<String> all = new TreeSet<>();
            labels.values().forEach(all::addAll);
            return bytes(JSON.valueToTree(all).toString());
        }
        if (uri.equals("/plugins")) {
            return bytes(JSON.valueToTree(plugins).toString());
        }
        if (uri.startsWith("/jobs/") && resources.containsKey(uri) && --rounds <= 0) {
            resources.get(uri).put("State", end);
        }
        if (uri.equals("/modalities?expand")) {
            ObjectNode all = JSON.createObjectNode();
            all.putObject("north-ct").put("AET", "NORTH_CT").put("Host", "10.0.0.1");
            all.putObject("south-ct")
                    .put("AET", "SOUTH_CT")
                    .put("AllowFind", true)
                    .put("Host", "10.0.0.2")
                    .put("Port", 104);
            return bytes(all.toString());
        }
        if (uri.startsWith("/modalities/")) {
            return bytes(JSON.createObjectNode()
                    .put("AET", uri.split("/", -1)[2].toUpperCase(Locale.ROOT).replace('-', '_'))
                    .toString());
        }
        if (uri.equals("/modalities")) {
            return bytes("[\"north-ct\", \"south-ct\"]");
        }
        if (List.of("/patients", "/studies", "/series", "/jobs", "/queries").contains(uri)) {
            ArrayNode ids = JSON.createArrayNode();
            below(uri + "/").forEach(ids::add);
            return bytes(ids.toString());
        }
        if (uri.contains("?expand&since=")) {
            return bytes(slice(uri.split("[?&=]", -1)).toString());
        }
        if (uri.contains("?requestedTags=")) {
            return bytes(requested(uri).toString());
        }
        if (!resources.containsKey(uri)) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such resource");
        }
        return bytes(resources.get(uri).toString());
    }

    /** @param uri list, expand, since, its value, limit, its value */
    private ArrayNode slice(String[] uri) {
        ArrayNode found = JSON.createArrayNode();
        List<String> ids = new ArrayList<>(below(uri[0] + "/"));
        if (slicesInAnotherOrder) {
            Collections.reverse(ids);
        }
        ids.stream()
                .skip(Long.parseLong(uri[3]))
                .limit(Long.parseLong(uri[5]))
                .forEach(id -> found.add(resources.get(uri[0] + "/" + id)));
        return found;
    }

    /** Of the patient. */
    private ObjectNode requested(String uri) {
        String[] halves = uri.split("\\?requestedTags=", -1);
        ObjectNode resource = resources.get(halves[0]).deepCopy();
        JsonNode tags = resource.path(halves[0].startsWith("/patients/") ? "MainDicomTags" : "PatientMainDicomTags");
        for (String name : halves[1].split(";", -1)) {
            JsonNode value =
                    tags.has(name) ? tags.get(name) : JSON.getNodeFactory().textNode(inAFile.get(name));
            resource.withObject("/RequestedTags").set(name, value);
        }
        return resource;
    }

    @Override
    public byte[] post(String uri, byte[] body) {
        ArrayNode found = JSON.createArrayNode();
        if (uri.equals("/tools/find") && refusesSearches.isPresent()) {
            throw refusesSearches.get();
        }
        if (uri.equals("/tools/lookup")) {
            String text = new String(body, StandardCharsets.UTF_8);
            resources.forEach((path, resource) -> {
                if (resource.path("MainDicomTags").toString().contains("\"" + text + "\"")) {
                    found.addObject()
                            .put("ID", resource.path("ID").asText())
                            .put("Path", path)
                            .put("Type", resource.path("Type").asText());
                }
            });
        } else {
            JsonNode search = read(body);
            if (search.has("ResponseContent")) {
                return answer("/studies/" + search.get("ParentStudy").asText() + "/series");
            }
            searched = search.toString();
            String folder = "/"
                    + Map.of("Patient", "patients", "Study", "studies", "Series", "series", "Instance", "instances")
                            .get(search.path("Level").asText())
                    + "/";
            for (String id : below(folder)) {
                if (matches(resources.get(folder + id), search.path("Query"))
                        && fits(labels.getOrDefault(folder + id, Set.of()), search)
                        && found.size() < search.path("Limit").asInt(Integer.MAX_VALUE)) {
                    found.add(id);
                }
            }
        }
        return bytes(found.toString());
    }

    /** Patients and studies get this label. */
    void labelAll(String label) {
        resources.keySet().stream()
                .filter(path -> path.matches("/(patients|studies)/[^/]+"))
                .forEach(path ->
                        labels.computeIfAbsent(path, none -> new TreeSet<>()).add(label));
    }

    /** A label of a study. */
    @Override
    public void put(String uri, byte[] body) {
        String[] parts = uri.split("/labels/", -1);
        get(parts[0]);
        labels.computeIfAbsent(parts[0], none -> new TreeSet<>()).add(parts[1]);
    }

    /** A label of a study, or a study; its patient is left if it has others. */
    @Override
    public void delete(String uri) {
        if (uri.contains("/labels/")) {
            String[] parts = uri.split("/labels/", -1);
            labels.get(parts[0]).remove(parts[1]);
            return;
        }
        String patient =
                "/patients/" + resources.remove(uri).path("ParentPatient").asText();
        ArrayNode studies = (ArrayNode) resources.get(patient).get("Studies");
        for (int i = studies.size() - 1; i >= 0; i--) {
            if (uri.endsWith(studies.get(i).asText())) {
                studies.remove(i);
            }
        }
        if (studies.isEmpty()) {
            resources.remove(patient);
        }
    }

    /** As Orthanc 1.13 does. */
    private static boolean fits(Set<String> has, JsonNode search) {
        Set<String> wanted = new TreeSet<>();
        search.path("Labels").forEach(label -> wanted.add(label.asText()));
        long here = wanted.stream().filter(has::contains).count();
        return switch (search.path("LabelsConstraint").asText("All")) {
            case "None" -> wanted.isEmpty() ? has.isEmpty() : here == 0;
            case "Any" -> wanted.isEmpty() || here > 0;
            default -> here == wanted.size();
        };
    }

    private boolean matches(ObjectNode resource, JsonNode query) {
        return query.properties().stream()
                .allMatch(tag -> tag.getValue().asText().equals("*")
                        || has(resource, tag.getKey(), tag.getValue().asText()));
    }

    private boolean has(ObjectNode resource, String tag, String value) {
        List<String> values = List.of(value.split("\\\\", -1));
        JsonNode copy = copies.getOrDefault(resource.path("ID").asText(), MissingNode.getInstance());
        boolean here = Stream.of(resource.path("MainDicomTags"), copy)
                .anyMatch(group -> values.contains(group.path(tag).asText()));
        ObjectNode above = resource.has("ParentSeries")
                ? resources.get("/series/" + resource.get("ParentSeries").asText())
                : resources.get("/studies/" + resource.path("ParentStudy").asText());
        return here || (above != null && has(above, tag, value));
    }

    private List<String> below(String folder) {
        return resources.keySet().stream()
                .filter(path -> path.startsWith(folder) && path.indexOf('/', folder.length()) < 0)
                .map(path -> path.substring(folder.length()))
                .toList();
    }

    static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
