package org.strongroom.core.settings;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.strongroom.core.error.StrongroomException;

/** The users of the section and of {@code UsersFile}, together. */
public final class Users {
    private Users() {}

    /**
     * All users by name, those of {@code UsersFile} read now.
     *
     * @throws StrongroomException REFUSED if the file cannot be read, or with every problem in it
     */
    public static Map<String, UserSettings> of(Settings settings) {
        AccessSettings access = settings.access();
        Map<String, UserSettings> all = new LinkedHashMap<>(access.users());
        access.usersFile().ifPresent(file -> read(file, settings).forEach((name, user) -> {
            if (all.put(name, user) != null) {
                Problems.check(problems -> problems.add(name, "is in Strongroom.Access.Users as well: remove one"));
            }
        }));
        return Map.copyOf(all);
    }

    /**
     * The settings as {@link Settings#toJson} writes them, but with all users in the section, and no {@code UsersFile}, unless its name alone says that there are any: for who will not have that file.
     *
     * @throws StrongroomException as {@link #of}
     */
    public static String written(Settings settings) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set(Settings.SECTION, SettingsWriter.node(settings));
        ObjectNode access = root.withObject("/" + Settings.SECTION + "/Access");
        Map<String, UserSettings> users = of(settings);
        if (users.isEmpty() && settings.access().isEmptyWithoutFile()) {
            return root.toPrettyString(); // without the file's name it would look as if everybody might see everything
        }
        access.set("Users", SettingsWriter.node(new TreeMap<>(users)));
        access.remove("UsersFile");
        // Beside a file of users nobody asks whether a tenant has any; without it, what is left of one has to say
        // something.
        for (String tenant : Tenancy.withoutAnything(settings.tenants(), settings.access(), users)) {
            if (!settings.tenants().get(tenant).hasStudies() && settings.requiredCopies() > 0) {
                root.withObject("/" + Settings.SECTION + "/Tenants/" + tenant).put("Copies", settings.requiredCopies());
            }
        }
        return root.toPrettyString();
    }

    private static Map<String, UserSettings> read(Path file, Settings settings) {
        Problems reading = new Problems();
        Map<String, UserSettings> read = new SettingsReader(reading)
                .users(ConfigurationText.parse(ConfigurationText.read(file), file.toString()));
        reading.throwIfAny();
        Problems.check(problems -> {
            check(problems, "", read, settings.access().roles().keySet());
            Tenancy.checkMemberships(problems, "", read, settings.tenants());
        });
        return read;
    }

    /** Adds what is wrong with users that may have these roles beside those built in. */
    static void check(Problems problems, String prefix, Map<String, UserSettings> users, Set<String> roles) {
        Map<String, String> titles = new HashMap<>();
        users.forEach((name, user) -> {
            String here = prefix + name;
            if (!Pattern.matches(AccessSettings.USER_NAME, name)) {
                problems.add(here, "not a user's name: use 1 to 64 letters, digits, . _ @ and hyphens");
            }
            checkRoles(problems, here, user.roles(), roles);
            for (String title : user.aETs()) {
                String other = titles.putIfAbsent(title, name);
                if (other != null) {
                    problems.add(here + ".AETs", "\"" + title + "\" is user \"" + other + "\"'s: remove one of them");
                }
            }
        });
    }

    /** Adds roles that are neither among {@code own} nor built in. */
    static void checkRoles(Problems problems, String path, List<String> named, Set<String> own) {
        for (String role : named) {
            if (!own.contains(role) && !AccessSettings.BUILT_IN_ROLES.contains(role)) {
                problems.add(
                        path + ".Roles",
                        "there is no role \"" + role + "\": write one of Strongroom.Access.Roles, or "
                                + String.join(
                                        ", ",
                                        AccessSettings.BUILT_IN_ROLES.stream()
                                                .sorted()
                                                .toList()));
            }
        }
    }
}
