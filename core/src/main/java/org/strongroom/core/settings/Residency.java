package org.strongroom.core.settings;

import java.util.Map;
import java.util.OptionalInt;

/** Whether tiers are where tenants' data may be. */
final class Residency {
    private Residency() {}

    static boolean isPermitted(TierSettings tier, Map<String, TenantSettings> tenants) {
        return tenants.values().stream()
                .allMatch(tenant -> tenant.permits(tier.jurisdiction().orElse("")));
    }

    /** A tier outside is merely not used; one that does not say where it is, and too few that are inside, are refused. */
    static void check(
            Problems problems,
            Map<String, TierSettings> tiers,
            Map<String, TenantSettings> tenants,
            OptionalInt copies) {
        tenants.forEach((name, tenant) -> {
            if (!tenant.jurisdictions().isEmpty() && !tiers.isEmpty()) {
                check(problems, tiers, tenant, "Tenants." + name + ".Jurisdictions", copies);
            }
        });
    }

    private static void check(
            Problems problems,
            Map<String, TierSettings> tiers,
            TenantSettings tenant,
            String path,
            OptionalInt copies) {
        long inside = 0;
        boolean all = true;
        for (Map.Entry<String, TierSettings> tier : tiers.entrySet()) {
            if (tier.getValue().jurisdiction().isEmpty()) {
                all = false;
                problems.add(
                        "Tiers." + tier.getKey() + ".Jurisdiction",
                        "missing, and a tenant's data may only be in " + tenant.jurisdictions()
                                + ": write where this tier is");
            } else if (tenant.permits(tier.getValue().jurisdiction().get())) {
                inside++;
            }
        }
        int needed = copies.orElse(1);
        if (all && inside < needed) {
            problems.add(
                    path,
                    tenant.jurisdictions() + " permits " + inside + " of " + tiers.size() + " tiers, and " + needed
                            + " must hold a copy: add a tier there, or lower Copies");
        }
    }
}
