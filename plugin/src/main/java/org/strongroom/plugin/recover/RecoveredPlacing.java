package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where tenants' studies go, as a snapshot's settings say it, in a configuration that has other tiers: perhaps only the one that was left, by another name. Orthanc
 * does not start with the name of a tier that is not there. Stateless.
 */
final class RecoveredPlacing {
    private RecoveredPlacing() {}

    /**
     * Changes what tenants say to tiers that there are, and no more copies than these can hold.
     *
     * @param said settings of the snapshot, with {@code Tenants} if it had any
     * @param former its {@code Tiers}
     * @param section of the configuration
     * @return what was named, is not there, and is not named in the configuration's tenants either, to be looked at before Orthanc starts
     */
    static List<RecoveredAccess.Missing> fit(ObjectNode said, JsonNode former, JsonNode section) {
        List<RecoveredAccess.Missing> missing = new ArrayList<>();
        JsonNode now = section.path("Tiers");
        ObjectNode completed = section.deepCopy();
        RecoveredAccess.complete(completed, said);
        Set<String> usable = RecoveredCopies.usable(completed);
        for (Map.Entry<String, JsonNode> tenant : said.path("Tenants").properties()) {
            if (tenant.getValue() instanceof ObjectNode settings) {
                List<String> gone = isPlaced(settings) ? tiers(settings, former, now) : new ArrayList<>();
                gone.removeAll(names(section.path("Tenants").path(tenant.getKey())));
                if (!gone.isEmpty()) {
                    missing.add(new RecoveredAccess.Missing(
                            "Strongroom.Tenants." + tenant.getKey() + ".Tiers",
                            String.join(", ", gone),
                            "No such tier is in the configuration: the tenant's studies go to "
                                    + (isPlaced(settings) ? "the others that it names" : "every tier that there is")
                                    + ". Add it to Strongroom.Tiers and here again, if it is still there"));
                }
                copies(settings, section.path("Copies"), usable);
            }
        }
        return missing;
    }

    private static boolean isPlaced(ObjectNode tenant) {
        return tenant.path("Tiers").isArray();
    }

    private static Set<String> names(JsonNode tenant) {
        return tenant.path("Tiers").valueStream().map(JsonNode::asText).collect(Collectors.toSet());
    }

    /** Returns those that are not there. */
    private static List<String> tiers(ObjectNode tenant, JsonNode former, JsonNode now) {
        Set<String> there = new LinkedHashSet<>();
        List<String> gone = new ArrayList<>();
        for (JsonNode name : tenant.path("Tiers")) {
            called(name.asText(), former, now).ifPresentOrElse(there::add, () -> gone.add(name.asText()));
        }
        if (there.isEmpty()) {
            tenant.remove("Tiers");
        } else {
            there.forEach(tenant.putArray("Tiers")::add);
        }
        return gone;
    }

    /**
     * What a tier is called now: as before if it is where it was, else as what is there now, else as before, unless another tier of before is
     * called so now.
     */
    static Optional<String> called(String name, JsonNode former, JsonNode now) {
        JsonNode was = former.path(name);
        if (SamePlace.isOneTier(now.path(name), was)) {
            return Optional.of(name);
        }
        return now.properties().stream()
                .filter(tier -> SamePlace.isOneTier(tier.getValue(), was))
                .map(Map.Entry::getKey)
                .findFirst()
                .or(() -> Optional.of(name).filter(now::has).filter(called -> former.properties().stream()
                        .noneMatch(tier -> !tier.getKey().equals(called)
                                && SamePlace.isOneTier(now.path(called), tier.getValue()))));
    }

    private static void copies(ObjectNode tenant, JsonNode ofAll, Set<String> usable) {
        Set<String> its = isPlaced(tenant) ? names(tenant) : new HashSet<>(usable);
        its.retainAll(usable);
        int most = Math.max(1, its.size()); // where none can be used, Orthanc says so
        boolean ownNumber = tenant.path("Copies").isInt();
        if ((isPlaced(tenant) || ownNumber) && (ownNumber ? tenant.path("Copies") : ofAll).asInt(1) > most) {
            tenant.put("Copies", most);
        }
    }
}
