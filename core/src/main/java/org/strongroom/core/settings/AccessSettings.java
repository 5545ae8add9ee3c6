package org.strongroom.core.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Who may see and do what. Immutable; without users, a directory, roles and tenants' sources nothing of it is in force. */
public record AccessSettings(
        @Setting(
                        text = "Who may come in, by the name they log in with (letters, digits, . _ @ and hyphen).",
                        names = AccessSettings.USER_NAME)
                Map<String, UserSettings> users,
        @Setting(
                        text = "File with more users, written as in Users: {\"jane\": {…}, …}. Read when Orthanc"
                                + " starts.",
                        otherwise = "Users are all there are")
                Optional<Path> usersFile,
        @Setting(
                        text =
                                "An LDAP directory, or Active Directory, that knows more users. Those of Users and UsersFile come first.")
                Optional<DirectorySettings> directory,
        @Setting(
                        text =
                                "An OpenID Connect provider that knows more users; instead of Directory. Those of Users and"
                                        + " UsersFile come first.")
                Optional<OpenIdSettings> openIdConnect,
        @Setting(
                        text = "Roles of your own, by name, beside radiologist, technologist, referrer, billing,"
                                + " auditor and administrator.")
                Map<String, RoleSettings> roles,
        @Setting(text = "Routes of other plugins. One that is not listed is refused.") List<RouteSettings> routes,
        @Setting(
                        text = "What becomes of images of which nothing tells whose they are: \"quarantine\" keeps them"
                                + " where only the users of the tenant \"quarantine\" see them, with an alert;"
                                + " \"refuse\" refuses them.",
                        byDefault = "quarantine")
                String unknownSources,
        @Setting(text = "How people prove who they are.") LoginSettings login,
        @Setting(
                        text =
                                "How long a patient stays open whom somebody opens in an emergency. Who may do that has a role"
                                        + " that permits study:emergency; none that is built in does.",
                        byDefault = "4 h")
                Duration emergency,
        @Setting(text = "Studies that are shared by a link; who may make one has a role that permits share:create.")
                ShareSettings share) {
    /** What a user may be called. */
    public static final String USER_NAME = "[A-Za-z0-9._@-]{1,64}";

    /** The tenant of images of which nothing tells whose they are. */
    public static final String QUARANTINE = "quarantine";

    /** The roles that need not be written. */
    public static final Set<String> BUILT_IN_ROLES =
            Set.of("radiologist", "technologist", "referrer", "billing", "auditor", "administrator");

    private static final Set<String> FATES = Set.of(QUARANTINE, "refuse");

    public AccessSettings {
        users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
        roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
        routes = List.copyOf(routes);
        Map<String, UserSettings> people = users;
        Map<String, RoleSettings> own = roles;
        String fate = unknownSources;
        LoginSettings proof = login;
        Duration open = emergency;
        Map<String, GroupSettings> groups = groups(directory, openIdConnect);
        boolean nowhere = openIdConnect.isPresent() && login.address().isEmpty();
        boolean twoSources = directory.isPresent() && openIdConnect.isPresent();
        Problems.check(problems -> {
            checkKnown(problems, "Login.SecondFactor", proof.secondFactor(), own.keySet());
            checkKnown(problems, "Login.Basic", proof.basic(), own.keySet());
            Users.check(problems, "Users.", people, own.keySet());
            groups.forEach((path, group) -> Users.checkRoles(problems, path, group.roles(), own.keySet()));
            own.keySet().forEach(name -> checkRole(problems, name));
            if (twoSources) {
                problems.add(
                        "OpenIdConnect",
                        "stands beside Directory, and a name could be two people's: remove one of them (a provider can ask"
                                + " the directory itself)");
            }
            if (nowhere) {
                problems.add(
                        "Login.Address",
                        "missing, so the provider of OpenIdConnect could send nobody back: write for example https://pacs.clinic.example");
            }
            if (open.isZero() || open.compareTo(Duration.ofHours(24)) > 0) {
                problems.add("Emergency", "must be more than nothing, and not more than a day");
            }
            if (!FATES.contains(fate)) {
                problems.add("UnknownSources", "\"" + fate + "\" is neither: write quarantine or refuse");
            }
        });
    }

    /** Whether images of unknown sources are refused. */
    public boolean refusesUnknown() {
        return !unknownSources.equals(QUARANTINE);
    }

    boolean isEmpty() {
        return usersFile.isEmpty() && isEmptyWithoutFile();
    }

    /** Whether nothing is in force but for {@code UsersFile}. */
    boolean isEmptyWithoutFile() {
        return users.isEmpty() && directory.isEmpty() && openIdConnect.isEmpty() && roles.isEmpty();
    }

    /** The groups of the directory or provider, by where they stand in the settings. */
    Map<String, GroupSettings> groups() {
        return groups(directory, openIdConnect);
    }

    private static Map<String, GroupSettings> groups(
            Optional<DirectorySettings> directory, Optional<OpenIdSettings> openId) {
        Map<String, GroupSettings> groups = new LinkedHashMap<>();
        directory.ifPresent(known -> add(groups, "Directory", known.groups()));
        openId.ifPresent(known -> add(groups, "OpenIdConnect", known.groups()));
        return groups;
    }

    private static void add(Map<String, GroupSettings> all, String section, List<? extends GroupSettings> groups) {
        for (int i = 0; i < groups.size(); i++) {
            all.put(section + ".Groups[" + i + "]", groups.get(i));
        }
    }

    private static void checkKnown(Problems problems, String path, List<String> named, Set<String> own) {
        named.stream()
                .filter(role -> !own.contains(role) && !BUILT_IN_ROLES.contains(role))
                .forEach(role -> problems.add(path, "there is no role \"" + role + "\": correct or remove it"));
    }

    private static void checkRole(Problems problems, String name) {
        if (!Pattern.matches(Settings.NAME, name)) {
            problems.add("Roles." + name, "not a role's name: use 1 to 32 of a-z, 0-9 and hyphen");
        } else if (BUILT_IN_ROLES.contains(name)) {
            problems.add("Roles." + name, "is built in: write another name");
        }
    }
}
