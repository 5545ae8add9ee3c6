package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
     * @param said settings of the snapshot, as {@link RecoveredAccess#said}
     * @param section of the configuration, with its tiers
     * @return what was taken out, to be looked at before Orthanc starts
     */
    static List<RecoveredAccess.Missing> fit(ObjectNode said, JsonNode section) {
        JsonNode access = said.path("Access");
        if (Stream.of("UsersFile", "Directory", "OpenIdConnect").anyMatch(access::hasNonNull)) {
            return List.of(); // whom these know is asked when Orthanc starts
        }
        List<RecoveredAccess.Missing> missing = new ArrayList<>();
        for (Map.Entry<String, JsonNode> tenant : said.path("Tenants").properties()) {
            if (tenant.getValue().path("Sources") instanceof ObjectNode sources) {
                List<String> gone = take(sources, access.path("Users"));
                if (!gone.isEmpty()) {
                    keep((ObjectNode) tenant.getValue(), sources, section);
                    missing.add(new RecoveredAccess.Missing(
                            "Strongroom.Tenants." + tenant.getKey() + ".Sources.Users",
                            String.join(", ", gone),
                            "The snapshot has no such user. Write it into Strongroom.Access.Users and here again, if"
                                    + " somebody still logs in by that name"));
                }
            }
        }
        return missing;
    }

    private static List<String> take(ObjectNode sources, JsonNode users) {
        List<String> gone = new ArrayList<>();
        JsonNode named = sources.path("Users");
        ArrayNode known = sources.putArray("Users");
        for (JsonNode user : named) {
            if (users.has(user.asText())) {
                known.add(user);
            } else {
                gone.add(user.asText());
            }
        }
        return gone;
    }

    /** A tenant that nothing tells from others, and of which nothing else is said, is refused too; its studies are there. */
    private static void keep(ObjectNode tenant, ObjectNode sources, JsonNode section) {
        boolean told = sources.properties().stream()
                .anyMatch(source -> !source.getValue().isEmpty());
        if (!told && !tenant.hasNonNull("Copies") && !tenant.path("Tiers").isArray()) {
            int tiers = section.path("Tiers").size();
            tenant.put("Copies", Math.min(section.path("Copies").asInt(tiers), tiers));
        }
    }
}
