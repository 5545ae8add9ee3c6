package org.strongroom.plugin.gate;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.strongroom.core.settings.TenantSettings;

/** Whose studies may be sent where. Whoever sends to a tenant is not yet somebody that the tenant's studies are sent to. Thread-safe. */
record Receivers(Shown shown, Map<String, TenantSettings> tenants) {
    /** Tenants whose studies may be sent to the modality or peer that a path names. */
    Set<String> of(String path) {
        String[] parts = path.split("/", -1);
        if (parts[1].equals("peers")) {
            return those(tenant -> tenant.peers().contains(parts[2]));
        }
        String title = shown.get("/modalities/" + parts[2] + "/configuration")
                .path("AET")
                .asText("");
        return those(tenant -> tenant.sendsTo(title));
    }

    private Set<String> those(Predicate<TenantSettings> sends) {
        return tenants.entrySet().stream()
                .filter(tenant -> sends.test(tenant.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
