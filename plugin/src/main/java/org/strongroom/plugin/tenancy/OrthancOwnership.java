package org.strongroom.plugin.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.TenantSettings;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Ownership;
import org.strongroom.plugin.access.Resource;

/**
 * Whose the things in Orthanc's index are: Orthanc tells the study of each, {@link StudyTenants} whose it is. Thread-safe.
 *
 * <p>Only what never changes is kept: Orthanc's ids are made of the ids above them, so a series or instance of this name has this
 * parent for ever, also when it was deleted and came again.
 */
public final class OrthancOwnership implements Ownership {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_PARENTS = 100_000;

    private final OrthancApi orthanc;
    private final StudyTenants studies;
    private final Map<String, TenantSettings> tenants;
    private final boolean physicians;
    private final Map<String, String> parents = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_PARENTS;
        }
    });

    /**
     * @param tenants who reaches which modality
     * @param physicians whether somebody may see only patients of their own: each study's physician is asked for then
     */
    public OrthancOwnership(
            OrthancApi orthanc, StudyTenants studies, Map<String, TenantSettings> tenants, boolean physicians) {
        this.orthanc = orthanc;
        this.studies = studies;
        this.tenants = Map.copyOf(tenants);
        this.physicians = physicians;
    }

    @Override
    public Owners owners(Resource resource) {
        try {
            return switch (resource.level()) {
                case PATIENT -> ofPatient(resource.id());
                case STUDY, SERIES, INSTANCE -> ofStudies(studiesOf(resource));
                case MODALITY -> ofModality(resource.id());
                default -> Owners.NOBODY;
            };
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Owners.NOBODY;
            }
            throw e;
        }
    }

    /** Nobody remembers yet: what somebody has started is seen only by who may see everybody's. */
    @Override
    public Optional<String> starter(Resource resource) {
        return Optional.empty();
    }

    private Owners ofPatient(String id) {
        Set<String> here = new LinkedHashSet<>();
        get("/patients/" + id).path("Studies").forEach(study -> here.add(study.asText()));
        return ofStudies(here);
    }

    private Owners ofStudies(Set<String> ids) {
        List<Part> parts = new ArrayList<>();
        boolean shared = false;
        for (String id : ids) {
            String physician = physicians ? physician(id) : "";
            List<String> owners = studies.ofStudy(id);
            if (owners.isEmpty()) {
                return Owners.NOBODY; // nobody's study among them: nothing may be said of all of them
            }
            owners.forEach(tenant -> parts.add(new Part(tenant, physician)));
            shared |= studies.hasSharedPatient(id);
        }
        return new Owners(parts, shared);
    }

    private String physician(String study) {
        return get("/studies/" + study)
                .path("MainDicomTags")
                .path("ReferringPhysicianName")
                .asText("")
                .strip();
    }

    private Set<String> studiesOf(Resource resource) {
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

    private String study(Level level, String id) {
        return switch (level) {
            case INSTANCE -> study(Level.SERIES, parent("/instances/" + id, "ParentSeries"));
            case SERIES -> parent("/series/" + id, "ParentStudy");
            default -> id;
        };
    }

    private String parent(String uri, String member) {
        String known = parents.get(uri);
        if (known == null) {
            known = get(uri).path(member).asText();
            parents.put(uri, known);
        }
        return known;
    }

    private Owners ofModality(String name) {
        String title = get("/modalities/" + name + "/configuration").path("AET").asText("");
        List<Part> reached = tenants.entrySet().stream()
                .filter(tenant -> tenant.getValue().sendsTo(title)
                        || tenant.getValue().sources().aETs().contains(title))
                .map(tenant -> new Part(tenant.getKey(), ""))
                .toList();
        return new Owners(reached, false);
    }

    private JsonNode get(String uri) {
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
