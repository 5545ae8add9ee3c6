package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.strongroom.core.settings.Settings;

/**
 * How many copies tenants' studies need, where there are fewer tiers than there were: no more than can be had, and a number for a tenant of which nothing else is
 * said. Whoever adds tiers afterwards has to know of it, or local bytes of these tenants go too early from then on. Stateless.
 */
final class RecoveredCopies {
    private RecoveredCopies() {}

    /** Names of the tiers that every tenant permits: only these are counted. */
    static Set<String> usable(JsonNode section) {
        return section.path("Tiers").properties().stream()
                .filter(tier -> section.path("Tenants")
                        .valueStream()
                        .allMatch(tenant -> permits(
                                tenant, tier.getValue().path("Jurisdiction").asText())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean permits(JsonNode tenant, String jurisdiction) {
        JsonNode allowed = tenant.path("Jurisdictions");
        return allowed.isEmpty()
                || allowed.valueStream().anyMatch(one -> one.asText().equalsIgnoreCase(jurisdiction));
    }

    /** Writes the number of all tenants into each of which nothing is said: it would be refused, and its studies are there. */
    static void keep(JsonNode section) {
        JsonNode access = section.path("Access");
        if (access.hasNonNull("UsersFile")) {
            return; // its users may be of any tenant
        }
        Set<String> used = access.findValues("Tenants").stream() // of users, and of groups of a directory or provider
                .flatMap(JsonNode::valueStream)
                .map(JsonNode::asText)
                .collect(Collectors.toUnmodifiableSet());
        for (Map.Entry<String, JsonNode> tenant : section.path("Tenants").properties()) {
            boolean known = tenant.getKey().equals(Settings.FIRST_TENANT) || used.contains(tenant.getKey());
            if (!known && saysNothing(tenant.getValue()) && tenant.getValue() instanceof ObjectNode settings) {
                settings.put("Copies", ofAll(section));
            }
        }
    }

    private static boolean saysNothing(JsonNode tenant) {
        return tenant.path("Sources").valueStream().allMatch(JsonNode::isEmpty)
                && Stream.of("Jurisdictions", "Laws", "Tiers").map(tenant::path).allMatch(JsonNode::isEmpty)
                && !tenant.hasNonNull("Copies");
    }

    private static int ofAll(JsonNode section) {
        int usable = Math.max(1, usable(section).size());
        return Math.min(section.path("Copies").asInt(usable), usable);
    }

    /**
     * Tenants that need fewer copies than before, or a number that they did not have, and that is 1.
     *
     * @param snapshot its settings as they were
     * @param section of the configuration as it is now
     */
    static List<RecoveredAccess.Missing> missing(JsonNode snapshot, JsonNode section) {
        List<RecoveredAccess.Missing> missing = new ArrayList<>();
        for (Map.Entry<String, JsonNode> tenant : snapshot.path("Tenants").properties()) {
            JsonNode copies = section.path("Tenants").path(tenant.getKey()).path("Copies");
            JsonNode was = tenant.getValue().path("Copies");
            if (copies.isInt() && copies.asInt() < was.asInt(Math.max(2, ofAll(snapshot)))) {
                missing.add(new RecoveredAccess.Missing(
                        "Strongroom.Tenants." + tenant.getKey() + RecoveredAccess.Missing.COPIES,
                        copies.asText(),
                        was.isInt()
                                ? "It was " + was.asText() + ", and there were not so many tiers for it. Local bytes of"
                                        + " the tenant's studies may go after so few copies: raise it when the other"
                                        + " tiers are back"
                                : "The snapshot has no such number: without one Orthanc would not have started. Local"
                                        + " bytes of the tenant's studies may go after so few copies: raise it when"
                                        + " the other tiers are back, or take it out if Orthanc then starts without"));
            }
        }
        return missing;
    }
}
