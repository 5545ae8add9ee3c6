package org.strongroom.plugin.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;

/**
 * Of which study things in Orthanc's index are. Thread-safe.
 *
 * <p>Only what never changes is kept: Orthanc's ids are made of the ids above them, so a series or instance of this name has this
 * parent for ever, also when it was deleted and came again.
 */
public final class Parentage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_PARENTS = 100_000;

    private final OrthancApi orthanc;
    private final Map<String, String> parents = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_PARENTS;
        }
    });

    public Parentage(OrthancApi orthanc) {
        this.orthanc = orthanc;
    }

    /**
     * Orthanc's ids of the studies that a patient, study, series or instance is of, or has; one, unless it is a patient or named by DICOM.
     *
     * @throws StrongroomException NOT_FOUND if there is none in Orthanc, as far as it has to be asked
     */
    public Set<String> studiesOf(Resource resource) {
        if (resource.level() == Level.RESOURCE) {
            return find(resource.id())
                    .map(this::studiesOf)
                    .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "Orthanc has nothing of this id"));
        }
        if (resource.level() == Level.PATIENT) {
            Set<String> here = new LinkedHashSet<>();
            get("/patients/" + resource.id()).path("Studies").forEach(study -> here.add(study.asText()));
            return here;
        }
        if (!resource.dicom()) {
            return Set.of(study(resource.level(), resource.id()));
        }
        byte[] uid = resource.id().getBytes(StandardCharsets.US_ASCII);
        Set<String> found = new LinkedHashSet<>();
        for (JsonNode one : read(orthanc.post("/tools/lookup", uid))) {
            if (one.path("Type").asText().equalsIgnoreCase(resource.level().toString())) {
                found.add(study(resource.level(), one.path("ID").asText()));
            }
        }
        return found;
    }

    /**
     * Orthanc's id of the patient of a study.
     *
     * @throws StrongroomException NOT_FOUND if there is no such study in Orthanc, as far as it has to be asked
     */
    public String patientOf(String study) {
        return parent(path(Level.STUDY, study), "ParentPatient");
    }

    /** What an id of Orthanc's names; empty if there is no such thing. */
    public Optional<Resource> find(String id) {
        return Stream.of(Level.SERIES, Level.INSTANCE)
                .filter(level -> parents.containsKey(path(level, id)))
                .findFirst()
                .or(() -> Stream.of(Level.STUDY, Level.SERIES, Level.INSTANCE, Level.PATIENT)
                        .filter(level -> isThere(level, id))
                        .findFirst())
                .map(level -> new Resource(level, false, id));
    }

    /** Where Orthanc has it. */
    public static String path(Level level, String id) {
        return switch (level) {
            case PATIENT -> "/patients/" + id;
            case STUDY -> "/studies/" + id;
            case SERIES -> "/series/" + id;
            default -> "/instances/" + id;
        };
    }

    private boolean isThere(Level level, String id) {
        try {
            orthanc.get(path(level, id));
            return true;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** The study of a series or instance as far as it is kept, and a study itself: Orthanc is not asked. */
    public Optional<String> knownStudyOf(Resource resource) {
        if (resource.dicom()) {
            return Optional.empty();
        }
        return switch (resource.level()) {
            case INSTANCE ->
                Optional.ofNullable(parents.get("/instances/" + resource.id()))
                        .flatMap(series -> Optional.ofNullable(parents.get("/series/" + series)));
            case SERIES -> Optional.ofNullable(parents.get("/series/" + resource.id()));
            case STUDY -> Optional.of(resource.id());
            default -> Optional.empty();
        };
    }

    private String study(Level level, String id) {
        return switch (level) {
            case INSTANCE -> study(Level.SERIES, seriesOf(id));
            case SERIES -> parent("/series/" + id, "ParentStudy");
            default -> id;
        };
    }

    private String seriesOf(String instance) {
        String uri = "/instances/" + instance;
        boolean asked = !parents.containsKey(uri);
        String series = parent(uri, "ParentSeries");
        if (asked) {
            // Who asks for one asks for its neighbours next.
            get("/series/" + series)
                    .path("Instances")
                    .forEach(neighbour -> parents.put("/instances/" + neighbour.asText(), series));
        }
        return series;
    }

    private String parent(String uri, String member) {
        String known = parents.get(uri);
        if (known == null) {
            known = get(uri).path(member).asText();
            parents.put(uri, known);
        }
        return known;
    }

    /**
     * What Orthanc answers.
     *
     * @throws StrongroomException NOT_FOUND if there is nothing
     */
    public JsonNode get(String uri) {
        return read(orthanc.get(uri));
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
