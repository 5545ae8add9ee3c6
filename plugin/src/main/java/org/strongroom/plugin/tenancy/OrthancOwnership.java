package org.strongroom.plugin.tenancy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.TenantSettings;
import org.strongroom.plugin.access.Ownership;
import org.strongroom.plugin.access.Resource;

/**
 * Whose the things in Orthanc's index are: {@link Parentage} tells the study of each, {@link StudyTenants} whose it is. Thread-safe.
 */
public final class OrthancOwnership implements Ownership {
    private final Parentage orthanc;
    private final StudyTenants studies;
    private final Function<Resource, Optional<String>> starters;
    private final Map<String, TenantSettings> tenants;
    private final boolean physicians;
    private final Supplier<Set<String>> restricted;

    /**
     * @param starters who has started a job or query; as {@link Started#starter}
     * @param tenants who reaches which modality or peer
     * @param physicians whether somebody may see only patients of their own: each study's physician is asked for then
     * @param restricted what Orthanc calls the studies that are shown to nobody; asked each time
     */
    public OrthancOwnership(
            OrthancApi orthanc,
            StudyTenants studies,
            Function<Resource, Optional<String>> starters,
            Map<String, TenantSettings> tenants,
            boolean physicians,
            Supplier<Set<String>> restricted) {
        this(new Parentage(orthanc), studies, starters, Map.copyOf(tenants), physicians, restricted);
    }

    private OrthancOwnership(
            Parentage orthanc,
            StudyTenants studies,
            Function<Resource, Optional<String>> starters,
            Map<String, TenantSettings> tenants,
            boolean physicians,
            Supplier<Set<String>> restricted) {
        this.orthanc = orthanc;
        this.studies = studies;
        this.starters = starters;
        this.tenants = tenants;
        this.physicians = physicians;
        this.restricted = restricted;
    }

    @Override
    public Ownership withoutPhysicians() {
        return physicians ? new OrthancOwnership(orthanc, studies, starters, tenants, false, restricted) : this;
    }

    @Override
    public Owners owners(Resource resource) {
        try {
            return switch (resource.level()) {
                case PATIENT, STUDY, SERIES, INSTANCE, RESOURCE -> ofStudies(orthanc.studiesOf(resource));
                case MODALITY -> ofModality(resource.id());
                case PEER -> of(tenant -> tenant.peers().contains(resource.id()));
                default -> Owners.NOBODY;
            };
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Owners.NOBODY;
            }
            throw e;
        }
    }

    @Override
    public Optional<Resource> find(String id) {
        return orthanc.find(id);
    }

    @Override
    public Optional<String> starter(Resource resource) {
        return starters.apply(resource);
    }

    private Owners ofStudies(Set<String> ids) {
        List<Part> parts = new ArrayList<>();
        boolean shared = false;
        Set<String> hidden = restricted.get();
        for (String id : ids) {
            String physician = physicians ? physician(id) : "";
            StudyTenants.Whose whose = studies.whose(id);
            if (whose.tenants().isEmpty()) {
                return Owners.NOBODY; // nobody's study among them: nothing may be said of all of them
            }
            boolean restricts = hidden.contains(id);
            // Whoever opens the patient in an emergency sees also what is restricted.
            Set<UUID> patients = physicians || restricts ? studies.patientsOf(id) : Set.of();
            for (String tenant : whose.tenants()) {
                parts.add(new Part(tenant, physician, patients, id, restricts));
            }
            shared |= whose.sharedPatient() || (!restricts && hasHiddenSibling(id, hidden));
        }
        return new Owners(parts, shared);
    }

    /** What Orthanc says of a patient then, it may say of the study that is shown to nobody. */
    private boolean hasHiddenSibling(String study, Set<String> hidden) {
        if (hidden.isEmpty()) {
            return false;
        }
        Set<UUID> patients = studies.patientsOf(study);
        return hidden.stream().anyMatch(other -> !Collections.disjoint(patients, studies.patientsOf(other)));
    }

    private String physician(String study) {
        return orthanc.get("/studies/" + study)
                .path("MainDicomTags")
                .path("ReferringPhysicianName")
                .asText("")
                .strip();
    }

    private Owners ofModality(String name) {
        String title = orthanc.get("/modalities/" + name + "/configuration")
                .path("AET")
                .asText("");
        return of(tenant -> tenant.reaches(title));
    }

    private Owners of(Predicate<TenantSettings> reaches) {
        List<Part> reached = tenants.entrySet().stream()
                .filter(tenant -> reaches.test(tenant.getValue()))
                .map(tenant -> new Part(tenant.getKey(), ""))
                .toList();
        return new Owners(reached, false);
    }
}
