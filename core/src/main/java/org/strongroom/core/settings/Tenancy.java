package org.strongroom.core.settings;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether tenants and users fit together: what is one tenant's is no other's, and who is named exists. */
final class Tenancy {
    private Tenancy() {}

    static void check(Problems problems, Map<String, TenantSettings> tenants, AccessSettings access) {
        checkNames(problems, tenants, access);
        Map<String, String> owners = new HashMap<>();
        tenants.forEach((name, tenant) -> {
            SourceSettings sources = tenant.sources();
            String path = "Tenants." + name + ".Sources.";
            checkApart(
                    problems,
                    owners,
                    name,
                    path + "AETs",
                    sources.aETs().stream().map(AeTitles::folded).toList());
            checkApart(problems, owners, name, path + "CalledAETs", sources.calledAETs());
            checkApart(problems, owners, name, path + "Addresses", sources.addresses());
            checkApart(problems, owners, name, path + "Users", sources.users());
            checkApart(problems, owners, name, path + "Tags", sources.tags());
            if (access.usersFile().isEmpty() && access.groups().isEmpty()) {
                checkUsers(problems, path + "Users", sources.users(), access.users());
            }
        });
        checkMemberships(problems, "Access.Users.", access.users(), tenants);
        access.groups()
                .forEach((path, group) -> checkKnown(problems, "Access." + path, group.tenants(), names(tenants)));
    }

    /** Adds what is wrong with the tenants that users belong to, and with the stations that ask in their names. */
    static void checkMemberships(
            Problems problems, String prefix, Map<String, UserSettings> users, Map<String, TenantSettings> tenants) {
        Set<String> known = names(tenants);
        users.forEach((name, user) -> {
            checkKnown(problems, prefix + name, user.tenants(), known);
            checkStations(problems, prefix + name + ".AETs", user, tenants);
        });
    }

    /** Adds tenants that retention rules name and that do not exist: such a rule would keep nothing. */
    static void checkRules(
            Problems problems, Map<String, RetentionRuleSettings> rules, Map<String, TenantSettings> tenants) {
        Set<String> known = names(tenants);
        rules.forEach((name, rule) -> checkKnown(problems, "Retention.Rules." + name, rule.tenants(), known));
    }

    private static void checkKnown(Problems problems, String path, List<String> named, Set<String> known) {
        for (String tenant : named) {
            if (!known.contains(tenant)) {
                problems.add(
                        path + ".Tenants", "there is no tenant \"" + tenant + "\": write one of Strongroom.Tenants");
            }
        }
    }

    private static Set<String> names(Map<String, TenantSettings> tenants) {
        Set<String> names = new HashSet<>(tenants.keySet());
        names.add(AccessSettings.QUARANTINE);
        if (tenants.isEmpty()) {
            names.add(Settings.FIRST_TENANT);
        }
        return names;
    }

    /** A station asks for what its title's tenant has: a user of another tenant would be given that. */
    private static void checkStations(
            Problems problems, String path, UserSettings user, Map<String, TenantSettings> tenants) {
        tenants.forEach((tenant, settings) -> {
            for (String title : user.aETs()) {
                if (settings.sources().aETs().contains(title) && !user.tenants().contains(tenant)) {
                    problems.add(
                            path,
                            "\"" + title + "\" is tenant \"" + tenant + "\"'s, which the user is not of: remove it");
                }
            }
        });
    }

    private static void checkNames(Problems problems, Map<String, TenantSettings> tenants, AccessSettings access) {
        Set<String> unused = withoutAnything(tenants, access);
        tenants.forEach((name, tenant) -> {
            String path = "Tenants." + name;
            if (!Pattern.matches(Settings.NAME, name)) {
                problems.add(path, "not a tenant's name: use 1 to 32 of a-z, 0-9 and hyphen");
            } else if (name.equals(AccessSettings.QUARANTINE)) {
                problems.add(path, "is where images of unknown sources are: write another name");
            } else if (unused.contains(name) && !tenant.hasStudies()) {
                problems.add(path, "nothing is this tenant's: add Sources, or a user, or write \"clinic\"");
            }
        });
    }

    /** Tenants that get nothing new, and that nobody sees: it may be that only their studies are left. */
    static Set<String> withoutAnything(Map<String, TenantSettings> tenants, AccessSettings access) {
        return access.usersFile().isPresent() ? Set.of() : withoutAnything(tenants, access, access.users());
    }

    /** The same, of these users. */
    static Set<String> withoutAnything(
            Map<String, TenantSettings> tenants, AccessSettings access, Map<String, UserSettings> users) {
        Set<String> used = Stream.concat(
                        users.values().stream().map(UserSettings::tenants),
                        access.groups().values().stream().map(GroupSettings::tenants))
                .flatMap(List::stream)
                .collect(Collectors.toSet());
        return tenants.entrySet().stream()
                .filter(tenant -> !tenant.getKey().equals(Settings.FIRST_TENANT)
                        && tenant.getValue().sources().isEmpty()
                        && !used.contains(tenant.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void checkApart(
            Problems problems, Map<String, String> owners, String tenant, String path, List<?> values) {
        String kind = path.substring(path.lastIndexOf('.'));
        for (Object value : values) {
            String other = owners.putIfAbsent(kind + " " + value, tenant);
            if (other != null && !other.equals(tenant)) {
                problems.add(path, "\"" + value + "\" is tenant \"" + other + "\"'s as well: remove one of them");
            }
        }
    }

    private static void checkUsers(
            Problems problems, String path, List<String> named, Map<String, UserSettings> users) {
        for (String name : named) {
            if (!users.containsKey(name)) {
                problems.add(path, "there is no user \"" + name + "\": write one of Strongroom.Access.Users");
            }
        }
    }
}
