package org.strongroom.plugin.access;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.apache.shiro.authz.Permission;
import org.apache.shiro.authz.permission.WildcardPermission;

/**
 * One permission as a role gives it. Immutable.
 *
 * @param everywhere without regard to tenants; for what is no tenant's
 * @param inTenants {@code everywhere} with the tenants as its third part; null if it holds in none
 * @param ownPatientsOnly whether in tenants it holds for the user's own patients only
 * @param literal whether area and action are named, not meant by a star
 */
record Grant(Permission everywhere, Permission inTenants, boolean ownPatientsOnly, boolean literal) {

    /** @param permission {@code area:action}, or {@code area:action:tenant}, which no longer depends on {@code tenants} */
    static Grant of(String permission, Collection<String> tenants, boolean ownPatientsOnly) {
        String text = permission.toLowerCase(Locale.ROOT);
        String[] parts = text.split(":", -1);
        boolean literal = parts.length > 1 && !parts[0].contains("*") && !parts[1].contains("*");
        if (parts.length > 2) {
            Permission named = new WildcardPermission(text);
            return new Grant(named, named, ownPatientsOnly, literal);
        }
        Permission here = tenants.isEmpty() ? null : new WildcardPermission(text + ":" + String.join(",", tenants));
        return new Grant(new WildcardPermission(text), here, ownPatientsOnly, literal);
    }

    /** What of it one of {@code limits} permits as well. */
    Grant within(List<Permission> limits) {
        return new Grant(
                both(everywhere, limits), inTenants == null ? null : both(inTenants, limits), ownPatientsOnly, literal);
    }

    private static Permission both(Permission given, List<Permission> limits) {
        return wanted -> given.implies(wanted) && limits.stream().anyMatch(limit -> limit.implies(wanted));
    }

    boolean permits(Permission wanted) {
        return everywhere.implies(wanted);
    }

    Reach reach(Permission wanted) {
        if (inTenants == null || !inTenants.implies(wanted)) {
            return Reach.NOTHING;
        }
        return ownPatientsOnly ? Reach.OWN_PATIENTS : Reach.EVERYTHING;
    }
}
