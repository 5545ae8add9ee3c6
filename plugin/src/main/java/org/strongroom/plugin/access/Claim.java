package org.strongroom.plugin.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.strongroom.plugin.access.Ownership.Owners;
import org.strongroom.plugin.access.Ownership.Part;

/**
 * One alternative of a route's permissions, claimed by somebody.
 *
 * @param inTenants those permissions that hold in a tenant
 * @param elsewhere the others
 * @param tenants all there are
 */
record Claim(
        Principal principal,
        List<String> inTenants,
        List<String> elsewhere,
        List<String> tenants,
        Ownership ownership) {
    private static final String REPORTS = "study:reports";

    static Claim of(Principal principal, List<String> permissions, List<String> tenants, Ownership ownership) {
        return new Claim(
                principal,
                permissions.stream().filter(Claim::isTenants).toList(),
                permissions.stream()
                        .filter(permission -> !isTenants(permission))
                        .toList(),
                tenants,
                ownership);
    }

    private static boolean isTenants(String permission) {
        return permission.startsWith("study:") || permission.startsWith("worklist:") || permission.startsWith("share:");
    }

    /** What these permissions alone make of a request that names {@code resources}. */
    Decision decide(Route route, List<Resource> resources) {
        Reach reach = reachSomewhere();
        if (reach == Reach.NOTHING || !elsewhere.stream().allMatch(principal::may)) {
            return new Decision.Deny(Reason.NOT_PERMITTED);
        }
        Set<Treatment> needed = EnumSet.noneOf(Treatment.class);
        if (route.treatments().contains(Treatment.BODY)) {
            needed.add(Treatment.BODY);
        }
        if (resources.isEmpty()) {
            ofWhole(route, needed);
            if (needed.isEmpty() && reach == Reach.OWN_PATIENTS) {
                return new Decision.Deny(Reason.NOT_PERMITTED); // nobody would take out who is not their patient
            }
        }
        for (Resource resource : resources) {
            Optional<Reason> refused = refused(route, resource, needed);
            if (refused.isPresent()) {
                return new Decision.Deny(refused.get());
            }
        }
        return needed.isEmpty() ? new Decision.Allow(route) : new Decision.Filter(route, needed);
    }

    private Optional<Reason> refused(Route route, Resource resource, Set<Treatment> needed) {
        if (resource.level() == Level.RESOURCE) {
            return ownership
                    .find(resource.id())
                    .map(found -> refused(route, found, needed))
                    .orElse(Optional.of(Reason.NOT_THEIRS));
        }
        return switch (resource.level().kind()) {
            case STORED -> ofStored(route, resource.level(), ownership.owners(resource), needed);
            case REMOTE -> ofRemote(ownership.owners(resource));
            case STARTED -> ofStarted(route, resource, needed);
        };
    }

    /** The furthest that all of the tenants' permissions together go in one tenant. */
    private Reach reachSomewhere() {
        return inTenants.isEmpty()
                ? Reach.EVERYTHING
                : tenants.stream().map(this::reach).max(Reach::compareTo).orElse(Reach.NOTHING);
    }

    private Reach reach(String tenant) {
        return inTenants.stream()
                .map(permission -> principal.reach(permission, tenant))
                .min(Reach::compareTo)
                .orElseThrow();
    }

    private void ofWhole(Route route, Set<Treatment> needed) {
        boolean whole =
                inTenants.isEmpty() && elsewhere.stream().allMatch(permission -> permission.startsWith("system:"));
        if (route.treatments().contains(Treatment.FILTERED) && !whole) {
            needed.add(Treatment.FILTERED);
        }
        if (route.treatments().contains(Treatment.REPORTS)
                && tenants.stream().anyMatch(tenant -> principal.reach(REPORTS, tenant) != Reach.EVERYTHING)) {
            needed.add(Treatment.REPORTS);
        }
    }

    private Optional<Reason> ofStored(Route route, Level level, Owners owners, Set<Treatment> needed) {
        List<Part> theirs = owners.parts().stream().filter(this::isTheirs).toList();
        if (theirs.isEmpty()) {
            return Optional.of(Reason.NOT_THEIRS);
        }
        boolean ofSeveral = owners.parts().stream().map(Part::tenant).distinct().count() > 1;
        // Also after the others' studies are gone: their tags, labels and metadata of the patient are not. And who has
        // a link to a study
        // is told nothing of the patient that is not in it.
        boolean remains = level == Level.PATIENT && ((owners.sharedPatient() && !ofSeveral) || principal.isLink());
        boolean inPart = theirs.size() < owners.parts().size() || remains;
        boolean whole = !route.treatments().contains(Treatment.FILTERED);
        if ((inPart && whole) || ((ofSeveral || remains) && route.changes())) {
            return Optional.of(Reason.SHARED);
        }
        // Above what is named there may be more than was asked about: other studies of the patient.
        boolean above = level != Level.PATIENT && theirs.stream().anyMatch(this::isOwnPatientsOnly);
        if (inPart || (above && !whole)) {
            needed.add(Treatment.FILTERED);
        }
        // Of one patient Orthanc keeps the tags that came first, perhaps with another study: who has a link sees this
        // one's. DICOMweb's metadata are the files' own.
        boolean others = ofSeveral
                || owners.sharedPatient()
                || (principal.isLink() && !route.path().endsWith("/metadata"));
        if (others && route.treatments().contains(Treatment.OWN)) {
            needed.add(Treatment.OWN);
        }
        if (route.treatments().contains(Treatment.REPORTS)
                && !theirs.stream().allMatch(part -> reaches(principal, REPORTS, part))) {
            needed.add(Treatment.REPORTS);
        }
        return Optional.empty();
    }

    /**
     * What is asked without a tenant's permission ({@code open}) is asked about what one may see; what needs a permission that is no
     * tenant's may send it elsewhere, for which nobody has opened a patient in an emergency.
     */
    private boolean isTheirs(Part part) {
        if (!inTenants.isEmpty()) {
            return inTenants.stream().allMatch(permission -> reaches(principal, permission, part));
        }
        if (elsewhere.isEmpty()) {
            return reaches(principal, "study:view", part);
        }
        return !part.restricted() && reaches(principal.opening(Set.of()), "study:view", part);
    }

    private boolean isOwnPatientsOnly(Part part) {
        Stream<String> asked = inTenants.isEmpty() ? Stream.of("study:view") : inTenants.stream();
        return asked.anyMatch(permission -> principal.reach(permission, part.tenant()) == Reach.OWN_PATIENTS);
    }

    /** What is restricted is as if it were another's, but for the exceptions. */
    private static boolean reaches(Principal who, String permission, Part part) {
        if (part.restricted() && !who.isExcepted(part, permission)) {
            return false;
        }
        return switch (who.reach(permission, part.tenant())) {
            case NOTHING -> false;
            case OWN_PATIENTS -> who.isOwn(part, permission);
            case EVERYTHING -> true;
        };
    }

    private Optional<Reason> ofRemote(Owners owners) {
        boolean configures = elsewhere.contains("remote:configure")
                || (inTenants.isEmpty() && elsewhere.contains("remote:view") && principal.may("remote:configure"));
        Set<String> theirs = owners.parts().stream().map(Part::tenant).collect(Collectors.toSet());
        Predicate<String> reached =
                tenant -> inTenants.isEmpty() ? principal.tenants().contains(tenant) : reach(tenant) != Reach.NOTHING;
        if (configures) {
            return Optional.empty();
        }
        if (theirs.stream().noneMatch(reached)) {
            return Optional.of(Reason.NOT_THEIRS);
        }
        // What is sent to a station of several tenants is the sender's alone; what it answers is everything that it
        // has.
        boolean asks = elsewhere.contains("remote:query");
        return asks && !theirs.stream().allMatch(reached) ? Optional.of(Reason.SHARED) : Optional.empty();
    }

    private Optional<Reason> ofStarted(Route route, Resource resource, Set<Treatment> needed) {
        if (ownership.starter(resource).filter(principal.name()::equals).isPresent()) {
            return Optional.empty();
        }
        if (!elsewhere.contains("job:all")) {
            return Optional.of(Reason.NOT_THEIRS);
        }
        if (route.treatments().contains(Treatment.FILTERED)) {
            needed.add(Treatment.FILTERED);
        }
        return Optional.empty();
    }
}
