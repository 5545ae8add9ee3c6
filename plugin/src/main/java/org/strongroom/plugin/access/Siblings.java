package org.strongroom.plugin.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.strongroom.plugin.access.Ownership.Owners;
import org.strongroom.plugin.access.Ownership.Part;
import org.strongroom.plugin.bridge.HttpMethod;

/**
 * What somebody may see of a long list of patients, studies, series or instances. Each is decided about by {@link Access}, but of those
 * whose owners are alike only the first. For one request, one thread.
 */
public final class Siblings {
    private static final Map<String, Level> LEVELS = Map.of(
            "/patients/", Level.PATIENT,
            "/studies/", Level.STUDY,
            "/series/", Level.SERIES,
            "/instances/", Level.INSTANCE);

    private final Access access;
    private final Principal principal;
    private final Level level;
    private final String folder;
    private final Ownership ownership;
    /** By what matters to this principal of owners; texts, for records are hashed slowly by what is compiled quickly. */
    private final Map<List<String>, Decision> decided = new HashMap<>();

    Siblings(Access access, Principal principal, String folder) {
        this.access = access;
        this.principal = principal;
        this.level = Objects.requireNonNull(LEVELS.get(folder), folder);
        this.folder = folder;
        this.ownership = access.ownership(principal);
    }

    /** What becomes of a GET of one of them, by Orthanc's id. */
    public Decision decide(String id) {
        Resource resource = new Resource(level, false, id);
        Owners owners = ownership.owners(resource);
        if (matters(owners)) {
            return decide(id, owners);
        }
        List<String> alike = alike(owners);
        Decision known = decided.get(alike);
        if (known == null) {
            known = decide(id, owners);
            decided.put(alike, known);
        }
        return known;
    }

    private Decision decide(String id, Owners owners) {
        return access.decide(principal, HttpMethod.GET, folder + id, List.of(), List.of(), new Known(owners));
    }

    /** Whether it matters which study it is, or who its patient. */
    private boolean matters(Owners owners) {
        if (principal.isLink() || !principal.opened().isEmpty()) {
            return true;
        }
        for (Part part : owners.parts()) {
            if (part.restricted()) {
                return true;
            }
        }
        return false;
    }

    private static List<String> alike(Owners owners) {
        List<String> kind = new ArrayList<>();
        for (Part part : owners.parts()) {
            kind.add(part.tenant());
            kind.add(part.physician());
        }
        kind.add(owners.sharedPatient() ? "shared" : "");
        return kind;
    }

    /** Asked about once: whose something is may change between two questions, and the answer is kept for others. */
    private record Known(Owners owners) implements Ownership {
        @Override
        public Owners owners(Resource resource) {
            return owners;
        }

        @Override
        public Optional<Resource> find(String id) {
            return Optional.empty();
        }

        @Override
        public Optional<String> starter(Resource resource) {
            return Optional.empty();
        }
    }
}
