package org.strongroom.plugin.access;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.shiro.authz.Permission;
import org.apache.shiro.authz.permission.WildcardPermission;

/**
 * Who asks. Made by {@link Roles}. Immutable.
 *
 * @param name the user's name; of a DICOM station, its title; empty for nobody
 * @param tenants those the user works with, in the order of the settings; an upload goes to the first that fits
 * @param roles names of the roles
 * @param physicians the user's name as ReferringPhysicianName, in every spelling
 * @param grants what the roles give
 * @param opened patients whom the user sees, for a while, as if they were the user's own
 * @param shared all that there is for whoever holds a share link; empty for everybody else
 */
public record Principal(
        String name,
        Set<String> tenants,
        Set<String> roles,
        List<String> physicians,
        List<Grant> grants,
        Set<Opened> opened,
        Optional<Shared> shared) {
    /**
     * A patient of one tenant whom somebody has opened in an emergency.
     *
     * @param emergency its id
     * @param patient as in {@link Ownership.Part#patients}
     */
    public record Opened(String emergency, String tenant, UUID patient) {}

    /** Lets whoever has it see what their other permissions would let them see of what is restricted. */
    public static final String RESTRICTED = "study:restricted";

    /** What the route table asks for, in each tenant of the settings: that is parsed once. */
    private static final Map<String, Permission> PARSED = new ConcurrentHashMap<>();

    private static final Set<String> SEES =
            Set.of("study:view", "study:tags", "study:pixels", "study:reports", "study:download");

    private static final List<String> LOOKS = List.of("study:view", "study:tags", "study:pixels", "study:reports");
    private static final List<String> DOWNLOADS =
            List.of("study:view", "study:tags", "study:pixels", "study:reports", "study:download");

    /** Somebody who has not logged in. */
    public static final Principal NOBODY = new Principal("", Set.of(), Set.of(), List.of(), List.of());

    public Principal {
        tenants = Collections.unmodifiableSet(new LinkedHashSet<>(tenants));
        roles = Set.copyOf(roles);
        physicians = List.copyOf(physicians);
        grants = List.copyOf(grants);
        opened = Set.copyOf(opened);
    }

    /** Somebody who has opened nothing. */
    public Principal(String name, Set<String> tenants, Set<String> roles, List<String> physicians, List<Grant> grants) {
        this(name, tenants, roles, physicians, grants, Set.of(), Optional.empty());
    }

    /** The same user with these patients opened, and no others. */
    public Principal opening(Set<Opened> patients) {
        return new Principal(name, tenants, roles, physicians, grants, patients, shared);
    }

    /**
     * Whoever holds a link that this user has made: sees one study as far as the user does now, and nothing else.
     *
     * @param link a name that no user has
     * @param download whether archives are permitted as well, if the user may have them
     */
    public Principal sharing(String link, Shared study, boolean download) {
        List<String> limits = download ? DOWNLOADS : LOOKS;
        return new Principal(
                link,
                Set.of(study.tenant()),
                Set.of(),
                physicians,
                within(limits).grants,
                Set.of(),
                Optional.of(study));
    }

    /** Whether this is whoever holds a share link, and no user. */
    public boolean isLink() {
        return shared.isPresent();
    }

    /**
     * Whether the user may do with a study what its referring physician may: it is one, or has opened the patient in an emergency, which
     * is for seeing only. Whoever holds a share link has this study alone, if who made the link has it.
     */
    boolean isOwn(Ownership.Part part, String permission) {
        if (shared.isPresent()) {
            boolean meant = shared.get().study().equals(part.study())
                    && shared.get().tenant().equals(part.tenant());
            Reach reach = reach(permission, part.tenant(), grants);
            return meant
                    && (reach == Reach.EVERYTHING
                            || (reach == Reach.OWN_PATIENTS && physicians.contains(part.physician())));
        }
        return physicians.contains(part.physician()) || (SEES.contains(permission) && hasOpened(part));
    }

    private boolean hasOpened(Ownership.Part part) {
        return opened.stream()
                .anyMatch(one ->
                        one.tenant().equals(part.tenant()) && part.patients().contains(one.patient()));
    }

    /**
     * Whether a restriction of processing leaves the user what they may do otherwise: to see it, with a role that names {@link #RESTRICTED},
     * or in an emergency, and no more.
     */
    boolean isExcepted(Ownership.Part part, String permission) {
        if (!SEES.contains(permission) || isLink()) {
            return false;
        }
        return hasOpened(part)
                || switch (namedReach(RESTRICTED, part.tenant())) {
                    case NOTHING -> false;
                    case OWN_PATIENTS -> isOwn(part, permission);
                    case EVERYTHING -> true;
                };
    }

    /** Whether nobody has logged in. */
    public boolean isNobody() {
        return name.isEmpty();
    }

    /** Whether something that is no tenant's is permitted, for example {@code system:configure}. */
    public boolean may(String permission) {
        Permission wanted = parsed(permission);
        return grants.stream().anyMatch(grant -> grant.permits(wanted));
    }

    /** How far, for example, {@code study:view} goes in {@code tenant}. Of a share link never further than to what is {@link #isOwn its own}. */
    public Reach reach(String permission, String tenant) {
        Reach reach = reach(permission, tenant, grants);
        return isLink() && reach == Reach.EVERYTHING ? Reach.OWN_PATIENTS : reach;
    }

    /** The same of those roles alone that name the permission: a star that was written before there was such a one does not mean it. */
    public Reach namedReach(String permission, String tenant) {
        return reach(permission, tenant, grants.stream().filter(Grant::literal).toList());
    }

    private static Reach reach(String permission, String tenant, List<Grant> grants) {
        Permission wanted = parsed(permission + ":" + tenant);
        Reach reach = Reach.NOTHING;
        for (Grant grant : grants) {
            reach = reach.or(grant.reach(wanted));
        }
        return reach;
    }

    private static Permission parsed(String permission) {
        return PARSED.computeIfAbsent(permission, text -> new WildcardPermission(text, true));
    }

    /** Whether something is permitted for patients of their own only. */
    public boolean isLimitedToOwnPatients() {
        return grants.stream().anyMatch(Grant::ownPatientsOnly);
    }

    /** The same user with only those rights that {@code permissions} name as well; if they name none, with all. */
    public Principal within(List<String> permissions) {
        List<Permission> limits = permissions.stream()
                .map(permission -> (Permission) new WildcardPermission(permission))
                .toList();
        return limits.isEmpty()
                ? this
                : new Principal(
                        name,
                        tenants,
                        roles,
                        physicians,
                        grants.stream().map(grant -> grant.within(limits)).toList(),
                        opened,
                        shared);
    }

    /** Only name and roles: what else there is may be somebody's name. */
    @Override
    public String toString() {
        return isNobody() ? "nobody" : name + " " + roles;
    }
}
