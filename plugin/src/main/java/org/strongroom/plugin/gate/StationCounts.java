package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.dimse.Holdings.Level;

/** Numbers, modalities and classes of what is below a match of a station's; nothing that is not the caller's is counted. Thread-safe. */
record StationCounts(Shown shown) {
    /** Images of one study that are asked for their class, each by a request to Orthanc. */
    static final int MOST_CLASSED = 1000;

    /** Adds what is told of one level only, as Orthanc does; what takes work only if {@code tags} ask for it. */
    void add(Sight sight, String uri, Level level, JsonNode resource, Set<String> tags, Map<String, String> known) {
        switch (level) {
            case PATIENT -> ofPatient(sight, resource, tags, known);
            case STUDY -> {
                List<JsonNode> series = new ArrayList<>();
                if (tags.stream().anyMatch(Set.of("0008,0061", "0020,1206", "0020,1208", "0008,0062")::contains)) {
                    shown.get(uri + "/series").forEach(series::add);
                    ofStudy(series, tags, known);
                }
            }
            case SERIES ->
                known.put(
                        "0020,1209", Integer.toString(resource.path("Instances").size()));
            case IMAGE -> {
                if (tags.contains("0008,0016")) {
                    known.put("0008,0016", sopClass(resource.path("ID").asText()));
                }
            }
        }
    }

    private void ofPatient(Sight sight, JsonNode patient, Set<String> tags, Map<String, String> known) {
        known.put("0020,1200", Integer.toString(patient.path("Studies").size()));
        if (tags.contains("0020,1202") || tags.contains("0020,1204")) {
            long series = 0;
            long instances = 0;
            for (JsonNode study : patient.path("Studies")) {
                String uri = "/studies/" + study.asText();
                if (sight.sees(uri)) {
                    JsonNode all = shown.get(uri + "/series");
                    series += all.size();
                    for (JsonNode one : all) {
                        instances += one.path("Instances").size();
                    }
                }
            }
            known.put("0020,1202", Long.toString(series));
            known.put("0020,1204", Long.toString(instances));
        }
    }

    private void ofStudy(List<JsonNode> series, Set<String> tags, Map<String, String> known) {
        Set<String> modalities = new TreeSet<>();
        long instances = 0;
        for (JsonNode one : series) {
            modalities.add(one.path("MainDicomTags").path("Modality").asText(""));
            instances += one.path("Instances").size();
        }
        modalities.remove("");
        known.put("0008,0061", String.join("\\", modalities));
        if (tags.contains("0008,0062")) {
            known.put("0008,0062", String.join("\\", classes(series)));
        }
        known.put("0020,1206", Integer.toString(series.size()));
        known.put("0020,1208", Long.toString(instances));
    }

    /** The first image of each series, then the second of each, and so on: a series is seldom of several classes. */
    private Set<String> classes(List<JsonNode> series) {
        Set<String> classes = new TreeSet<>();
        int longest = series.stream()
                .mapToInt(one -> one.path("Instances").size())
                .max()
                .orElse(0);
        int asked = 0;
        for (int at = 0; at < longest; at++) {
            for (JsonNode one : series) {
                if (one.path("Instances").has(at)) {
                    if (asked++ == MOST_CLASSED) {
                        return classes;
                    }
                    String found = sopClass(one.path("Instances").get(at).asText());
                    if (!found.isEmpty()) {
                        classes.add(found);
                    }
                }
            }
        }
        return classes;
    }

    /** Empty if the image is gone meanwhile. */
    private String sopClass(String instance) {
        try {
            return shown.get("/instances/" + instance + "/metadata?expand")
                    .path("SopClassUid")
                    .asText("");
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return "";
            }
            throw e;
        }
    }
}
