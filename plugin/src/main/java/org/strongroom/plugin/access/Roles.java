package org.strongroom.plugin.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.GroupSettings;
import org.strongroom.core.settings.RoleSettings;
import org.strongroom.core.settings.UserSettings;

/** The built-in roles and those of the settings: makes principals of users. Immutable. */
public final class Roles {
    private static final Pattern BETWEEN = Pattern.compile("\\s*;\\s*");
    private static final String REFERRER = "referrer";

    private final Map<String, RoleSettings> byName;

    private Roles(Map<String, RoleSettings> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** The roles that {@code settings} allow users to have. */
    public static Roles of(AccessSettings settings) {
        Map<String, RoleSettings> all = new HashMap<>(settings.roles());
        Properties builtIn = new Properties();
        try (InputStream in = Roles.class.getResourceAsStream("roles.properties")) {
            builtIn.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        builtIn.stringPropertyNames().forEach(name -> all.put(name, builtIn(name, builtIn.getProperty(name))));
        return new Roles(all);
    }

    /** The names of all roles. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** A user of the settings. */
    public Principal principal(String name, UserSettings user) {
        return principal(name, user.tenants(), user.roles(), user.referringPhysician());
    }

    /**
     * Somebody with these roles; a name that is no role's gives nothing. Roles are added up: who is referrer and radiologist
     * sees what a radiologist sees.
     */
    public Principal principal(
            String name, Collection<String> tenants, Collection<String> roles, List<String> physicians) {
        return new Principal(name, new LinkedHashSet<>(tenants), Set.copyOf(roles), physicians, grants(roles, tenants));
    }

    /** Somebody in these groups of a directory or provider: what one of them gives holds in that one's tenants, and is added up. */
    public Principal principal(String name, List<? extends GroupSettings> groups, List<String> physicians) {
        Set<String> tenants = new LinkedHashSet<>();
        Set<String> roles = new HashSet<>();
        List<Grant> grants = new ArrayList<>();
        for (GroupSettings group : groups) {
            tenants.addAll(group.tenants());
            roles.addAll(group.roles());
            grants.addAll(grants(group.roles(), group.tenants()));
        }
        return new Principal(name, tenants, roles, physicians, grants);
    }

    private List<Grant> grants(Collection<String> roles, Collection<String> tenants) {
        List<Grant> grants = new ArrayList<>();
        for (String role : roles) {
            RoleSettings gives = byName.get(role);
            if (gives != null) {
                gives.permissions().forEach(text -> grants.add(Grant.of(text, tenants, gives.ownPatientsOnly())));
            }
        }
        return grants;
    }

    private static RoleSettings builtIn(String name, String permissions) {
        return new RoleSettings(List.of(BETWEEN.split(permissions.strip(), 0)), name.equals(REFERRER));
    }
}
