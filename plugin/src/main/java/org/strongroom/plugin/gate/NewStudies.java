package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Ownership;
import org.strongroom.plugin.access.Ownership.Part;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.gate.OrderBody.Tag;
import org.strongroom.plugin.tenancy.Started.Coming;
import org.strongroom.plugin.tenancy.StudyTenants;

/**
 * Of whom the studies are that a modification makes, and whose they will be: those of the source's tenant. Orthanc's job stores them
 * without a word about either, so they are known by their patient. Thread-safe.
 */
final class NewStudies {
    private final Ownership ownership;
    private final StudyTenants studies;
    private final Receivers receivers;

    NewStudies(Ownership ownership, StudyTenants studies, Receivers receivers) {
        this.ownership = ownership;
        this.studies = studies;
        this.receivers = receivers;
    }

    /**
     * What is to come of it. Where Orthanc would make up a PatientID, one is made up here: {@code body} says so afterwards.
     *
     * @param sources Orthanc's ids of what is changed
     * @throws org.strongroom.core.error.StrongroomException REFUSED if it would be several tenants', or go into another's study
     */
    Coming of(OrderBody body, List<String> sources) {
        List<Part> parts = sources.stream()
                .flatMap(id -> ownership.owners(new Resource(Level.RESOURCE, false, id)).parts().stream())
                .toList();
        Set<String> tenants = parts.stream().map(Part::tenant).collect(Collectors.toSet());
        if (tenants.size() != 1) {
            throw Lists.refused("what is changed together is one tenant's");
        }
        String tenant = tenants.iterator().next();
        if (body.order() == Order.MERGE) {
            return new Coming(tenant, Set.of(), Set.of()); // the study is there
        }
        boolean identified =
                Stream.of(Tag.values()).anyMatch(tag -> body.replaced(tag).isPresent());
        if (identified && !body.isForced()) {
            // Orthanc would refuse it as well; but nothing may be learnt before anything is done.
            throw Lists.refused("to replace what identifies a resource, Force has to be true");
        }
        Set<UUID> patients = new HashSet<>();
        boolean madeUp = body.order() == Order.ANONYMIZE && !body.lists("Keep", Tag.PATIENT_ID);
        Optional<String> replaced = body.replaced(Tag.PATIENT_ID);
        if (madeUp && replaced.isEmpty()) {
            replaced = makeUp(body, parts);
        }
        replaced.map(StudyTenants::patientsNamed).ifPresent(patients::addAll);
        if (body.lists("Remove", Tag.PATIENT_ID)) {
            patients.addAll(StudyTenants.patientsNamed(""));
        }
        if (!madeUp) {
            parts.forEach(part -> patients.addAll(studies.patientsOf(part.study())));
        }
        // Newer Orthancs refuse what differs from what they keep of the patient: one could guess who another's patient
        // is.
        if (body.changesPatient() && studies.haveOthers(tenant, patients)) {
            throw Lists.refused("the patient is not this tenant's alone")
                    .cure("Leave the patient's tags as they are, or choose a PatientID of your own");
        }
        Set<UUID> chosen =
                body.replaced(Tag.STUDY).map(StudyTenants::studyNamed).stream().collect(Collectors.toSet());
        if (!chosen.stream().allMatch(uid -> studies.reserve(tenant, uid))) {
            throw Lists.refused(Orders.NOT_THEIRS);
        }
        return new Coming(tenant, patients, chosen);
    }

    /** What was to come does not, or is there. */
    void release(Coming makes) {
        makes.studies().forEach(uid -> studies.release(makes.tenant(), uid));
    }

    /** As Orthanc would; empty if Orthanc is going to refuse the request as it is. */
    private Optional<String> makeUp(OrderBody body, List<Part> parts) {
        boolean identified = Stream.of(Tag.values())
                .anyMatch(tag -> body.lists("Keep", tag) || body.replaced(tag).isPresent());
        if (identified && !body.isForced()) {
            return Optional.empty();
        }
        if (parts.stream()
                        .map(part -> studies.patientsOf(part.study()))
                        .distinct()
                        .count()
                > 1) {
            throw Lists.refused("several patients are not made anonymous together")
                    .cure("Send one request for each patient");
        }
        String made = UUID.randomUUID().toString();
        ObjectNode json = body.json();
        ObjectNode replace = json.path("Replace") instanceof ObjectNode there ? there : json.putObject("Replace");
        replace.put("PatientID", made);
        json.put("Force", true);
        return Optional.of(made);
    }

    /** Whether all of this is of tenants whose studies may be sent to what a path names. */
    boolean maySend(String path, List<String> sent) {
        Set<String> reached = receivers.of(path);
        return sent.stream().allMatch(id -> reached.containsAll(tenants(new Resource(Level.RESOURCE, false, id))));
    }

    private Set<String> tenants(Resource resource) {
        return ownership.owners(resource).parts().stream().map(Part::tenant).collect(Collectors.toSet());
    }
}
