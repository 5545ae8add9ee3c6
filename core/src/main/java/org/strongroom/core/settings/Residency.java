package org.strongroom.core.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Whether tiers are where tenants' data may be. Keys and journal are everybody's and in any tier, whosever studies go there ({@link Placing}): a
 * tier is used if every tenant permits it, and only such ones are counted.
 */
final class Residency {
    private Residency() {}

    static boolean isPermitted(TierSettings tier, Map<String, TenantSettings> tenants) {
        return tenants.values().stream().allMatch(tenant -> isPermitted(tier, tenant));
    }

    private static boolean isPermitted(TierSettings tier, TenantSettings tenant) {
        return tenant.permits(tier.jurisdiction().orElse(""));
    }

    /** Whether data that may be in these jurisdictions, without any in all, may be in this one; upper and lower case are the same. */
    static boolean permit(List<String> jurisdictions, String jurisdiction) {
        String there = jurisdiction.toUpperCase(Locale.ROOT);
        return jurisdictions.isEmpty()
                || jurisdictions.stream()
                        .anyMatch(allowed -> allowed.toUpperCase(Locale.ROOT).equals(there));
    }

    /** A tier outside is merely not used; one that does not say where it is, and too few that are inside, are refused. */
    static void check(
            Problems problems,
            Map<String, TierSettings> tiers,
            Map<String, TenantSettings> tenants,
            OptionalInt copies) {
        List<String> particular = tenants.entrySet().stream()
                .filter(tenant -> !tenant.getValue().jurisdictions().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        if (particular.isEmpty() || tiers.isEmpty()) {
            return;
        }
        boolean all = true;
        for (Map.Entry<String, TierSettings> tier : tiers.entrySet()) {
            if (tier.getValue().jurisdiction().isEmpty()) {
                all = false;
                problems.add(
                        "Tiers." + tier.getKey() + ".Jurisdiction",
                        "missing, and tenants' data may only be where they say (" + allowed(particular, tenants)
                                + "): write where this tier is");
            }
        }
        if (all) {
            count(problems, tiers, tenants, particular, copies.orElse(1));
        }
    }

    private static void count(
            Problems problems,
            Map<String, TierSettings> tiers,
            Map<String, TenantSettings> tenants,
            List<String> particular,
            int copies) {
        boolean each = true;
        for (String name : particular) {
            TenantSettings tenant = tenants.get(name);
            int needed = tenant.copies().orElse(copies);
            long inside = tiers.values().stream()
                    .filter(tier -> isPermitted(tier, tenant))
                    .count();
            if (inside < needed) {
                each = false;
                problems.add(
                        "Tenants." + name + ".Jurisdictions",
                        tenant.jurisdictions() + " permits " + inside + " of " + tiers.size() + " tiers, and " + needed
                                + " must hold a copy: add a tier there, or lower Copies");
            }
        }
        long common = tiers.values().stream()
                .filter(tier -> isPermitted(tier, tenants))
                .count();
        if (each && common < copies) {
            problems.add(
                    "Tenants",
                    "all tenants together (" + allowed(particular, tenants) + ") permit " + common + " of "
                            + tiers.size() + " tiers, and " + copies + " must hold a copy of every study: add a tier"
                            + " that all of them permit, widen Jurisdictions, lower Copies, or give a tenant an"
                            + " Orthanc of its own");
        }
    }

    private static String allowed(List<String> particular, Map<String, TenantSettings> tenants) {
        return String.join(
                ", ",
                particular.stream()
                        .map(name -> name + " " + tenants.get(name).jurisdictions())
                        .toList());
    }
}
