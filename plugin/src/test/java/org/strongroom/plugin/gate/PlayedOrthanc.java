package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.tenancy.OrthancApi;

/**
 * Orthanc's index as far as lists need it: studies with one series of one image each. As Orthanc does, it keeps a patient's tags from
 * the first study, and finds by them.
 */
final class PlayedOrthanc implements OrthancApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> resources = new LinkedHashMap<>();
    /** How often it was asked. */
    int asked;

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
        made.putObject("MainDicomTags").put("StudyInstanceUID", uid);
        made.put("ParentPatient", patientId);
        made.set("PatientMainDicomTags", known.get("MainDicomTags"));
        made.putArray("Series").add(series);
        resources.put("/studies/" + study, made);
        ObjectNode below = resource(series, "Series", "ParentStudy", study);
        below.putArray("Instances").add(instance);
        resources.put("/series/" + series, below);
        resources.put("/instances/" + instance, resource(instance, "Instance", "ParentSeries", series));
        resources.put(
                "/instances/" + instance + "/simplified-tags",
                JSON.createObjectNode().put("PatientID", patient).put("PatientName", name));
        return study;
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
        if (uri.equals("/patients") || uri.equals("/studies")) {
            ArrayNode ids = JSON.createArrayNode();
            below(uri + "/").forEach(ids::add);
            return bytes(ids.toString());
        }
        if (!resources.containsKey(uri)) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such resource");
        }
        return bytes(resources.get(uri).toString());
    }

    @Override
    public byte[] post(String uri, byte[] body) {
        ArrayNode found = JSON.createArrayNode();
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
            String folder = "/"
                    + Map.of("Patient", "patients", "Study", "studies", "Series", "series", "Instance", "instances")
                            .get(search.path("Level").asText())
                    + "/";
            for (String id : below(folder)) {
                if (matches(resources.get(folder + id), search.path("Query"))) {
                    found.add(id);
                }
            }
        }
        return bytes(found.toString());
    }

    /** Of a study; its patient is left if it has others. */
    @Override
    public void delete(String uri) {
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

    private static boolean matches(ObjectNode resource, JsonNode query) {
        return query.properties().stream()
                .allMatch(tag -> tag.getValue().asText().equals("*")
                        || List.of("MainDicomTags", "PatientMainDicomTags").stream()
                                .anyMatch(group -> resource.path(group)
                                        .path(tag.getKey())
                                        .asText()
                                        .equals(tag.getValue().asText())));
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
