package org.strongroom.core.settings;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Whether what tenants say of tiers and copies can be done: the tiers exist, are permitted, and are enough. */
final class Placing {
    private Placing() {}

    static void check(
            Problems problems,
            Map<String, TierSettings> tiers,
            Map<String, TenantSettings> tenants,
            OptionalInt copies) {
        tenants.forEach((name, tenant) -> {
            if (tenant.isPlaced() && names(problems, "Tenants." + name + ".Tiers", tiers, tenant)) {
                count(problems, "Tenants." + name, tiers, tenants, tenant, copies);
            }
        });
    }

    private static boolean names(
            Problems problems, String path, Map<String, TierSettings> tiers, TenantSettings tenant) {
        List<String> named = tenant.tiers().orElse(List.copyOf(tiers.keySet()));
        boolean right = true;
        if (tenant.tiers().isPresent() && named.isEmpty()) {
            problems.add(path, "is empty: name a tier, or remove it for all tiers");
            right = false;
        }
        Set<String> once = new HashSet<>();
        for (String tier : named) {
            if (!tiers.containsKey(tier)) {
                problems.add(
                        path,
                        "there is no tier \"" + tier + "\": "
                                + (tiers.isEmpty()
                                        ? "add it to Strongroom.Tiers"
                                        : "write one of " + String.join(", ", tiers.keySet())));
                right = false;
            } else if (!once.add(tier)) {
                problems.add(path, "\"" + tier + "\" is there twice: remove one");
                right = false;
            }
        }
        return right;
    }

    /** Copies of all tenants is compared with all tiers elsewhere. */
    private static void count(
            Problems problems,
            String path,
            Map<String, TierSettings> tiers,
            Map<String, TenantSettings> tenants,
            TenantSettings tenant,
            OptionalInt copies) {
        int needed = tenant.copies().orElse(copies.orElse(1));
        List<String> its = tiers.keySet().stream().filter(tenant::goesTo).toList();
        List<String> outside = its.stream()
                .filter(tier -> !Residency.isPermitted(tiers.get(tier), tenants))
                .toList();
        int usable = its.size() - outside.size();
        if (usable >= needed) {
            return;
        }
        String reason =
                outside.isEmpty() ? "" : " (" + String.join(", ", outside) + " is outside what Jurisdictions permit)";
        if (tenant.copies().isPresent()) {
            problems.add(
                    path + ".Copies",
                    needed + " is more than the " + usable + " of " + its + " that can be used" + reason + ": write "
                            + (usable == 0 ? "other Tiers" : "at most " + usable + ", or more Tiers"));
        } else {
            problems.add(
                    path + ".Tiers",
                    usable + " of " + its + " can be used" + reason + ", and " + needed
                            + " must hold a copy of every study: name more tiers"
                            + (usable == 0 ? "" : ", or write Copies for this tenant"));
        }
    }
}
