package org.strongroom.plugin.access;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;

/** Whose things are. Called for every request that names something, by many threads: fast, and it never guesses. */
public interface Ownership {
    /**
     * The owners of a patient, study, series or instance; the tenants that reach a modality, peer or server. Nobody, if there is
     * no such thing, or nothing tells whose it is.
     *
     * @throws StrongroomException if it cannot be known now; the request is refused then
     */
    Owners owners(Resource resource);

    /**
     * What one of Orthanc's own ids names, and of which level that is; empty if nothing.
     *
     * @throws StrongroomException if it cannot be known now; the request is refused then
     */
    Optional<Resource> find(String id);

    /** The same, not asking for physicians: they may be empty. */
    default Ownership withoutPhysicians() {
        return this;
    }

    /** Name of the user who started the job, query or storage commitment; empty if nobody knows. */
    Optional<String> starter(Resource resource);

    /**
     * Whose a resource is.
     *
     * @param parts one for each study that it is, has or is part of
     * @param sharedPatient whether its patient has studies of several tenants
     */
    record Owners(List<Part> parts, boolean sharedPatient) {
        public static final Owners NOBODY = new Owners(List.of(), false);

        public Owners {
            parts = List.copyOf(parts);
        }

        /** Something of one tenant alone. */
        public static Owners of(String tenant, String physician) {
            return new Owners(List.of(new Part(tenant, physician)), false);
        }
    }

    /**
     * One study's share in a resource.
     *
     * @param tenant whose the study is
     * @param physician its ReferringPhysicianName, or empty
     * @param patients what its patient may be known by here; none if nobody sees patients of their own only
     * @param study Orthanc's id of it, or empty
     * @param restricted whether its processing is (GDPR article 18): it is kept, and nobody's to see or change
     */
    record Part(String tenant, String physician, Set<UUID> patients, String study, boolean restricted) {
        public Part {
            patients = Set.copyOf(patients);
        }

        /** One whose patient nobody asks for. */
        public Part(String tenant, String physician) {
            this(tenant, physician, Set.of(), "");
        }

        /** One that is not restricted. */
        public Part(String tenant, String physician, Set<UUID> patients, String study) {
            this(tenant, physician, patients, study, false);
        }

        /** The tenant only: the other is a person's name. */
        @Override
        public String toString() {
            return tenant;
        }
    }
}
