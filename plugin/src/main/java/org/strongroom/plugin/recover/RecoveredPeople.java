package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tenants of a snapshot's settings without users whom nobody knows. Beside a file of users they were let stand, whoever was in it; a snapshot has
 * the users of the file in the settings themselves, and there a name that is nobody's is refused. Stateless.
 */
final class RecoveredPeople {
    private RecoveredPeople() {}

    /**
     * Takes them out.
     *
     * @param section {@code Access} and {@code Tenants}, as {@link RecoveredAccess#said} or in a configuration
     */
    static void fit(ObjectNode section) {
        JsonNode access = section.path("Access");
        if (mayKnowOthers(access)) {
            return;
        }
        for (JsonNode tenant : section.path("Tenants")) {
            if (tenant.path("Sources") instanceof ObjectNode sources) {
                List<String> known = users(tenant);
                if (known.removeIf(user -> !access.path("Users").has(user))) {
                    known.forEach(sources.putArray("Users")::add);
                }
            }
        }
    }

    /**
     * Whom a snapshot names and does not know, and the configuration does not name: to be looked at before Orthanc starts.
     *
     * @param snapshot its settings as they were
     * @param section of the configuration as it is now
     */
    static List<RecoveredAccess.Missing> missing(JsonNode snapshot, JsonNode section) {
        if (mayKnowOthers(snapshot.path("Access"))) {
            return List.of();
        }
        List<RecoveredAccess.Missing> missing = new ArrayList<>();
        for (Map.Entry<String, JsonNode> tenant : snapshot.path("Tenants").properties()) {
            List<String> now = users(section.path("Tenants").path(tenant.getKey()));
            List<String> gone = users(tenant.getValue()).stream()
                    .filter(user -> !snapshot.path("Access").path("Users").has(user) && !now.contains(user))
                    .toList();
            if (!gone.isEmpty()) {
                missing.add(new RecoveredAccess.Missing(
                        "Strongroom.Tenants." + tenant.getKey() + ".Sources.Users",
                        String.join(", ", gone),
                        "The snapshot has no such user. Write it into Strongroom.Access.Users and here again, if"
                                + " somebody still logs in by that name"));
            }
        }
        return missing;
    }

    /** Whom these know is asked when Orthanc starts. */
    private static boolean mayKnowOthers(JsonNode access) {
        return Stream.of("UsersFile", "Directory", "OpenIdConnect").anyMatch(access::hasNonNull);
    }

    private static List<String> users(JsonNode tenant) {
        List<String> users = new ArrayList<>();
        tenant.path("Sources").path("Users").forEach(user -> users.add(user.asText()));
        return users;
    }
}
