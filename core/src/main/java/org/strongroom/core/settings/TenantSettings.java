package org.strongroom.core.settings;

import java.util.List;
import java.util.Locale;

/** What one tenant asks of the tiers. Immutable. */
public record TenantSettings(
        @Setting(
                        text =
                                "The tenant's data is only ever put into tiers of these jurisdictions, for example \"EU\".",
                        otherwise = "any")
                List<String> jurisdictions) {
    public TenantSettings {
        jurisdictions = List.copyOf(jurisdictions);
    }

    /** Whether data of this tenant may be in a tier of this jurisdiction; upper and lower case are the same. */
    boolean permits(String jurisdiction) {
        String there = jurisdiction.toUpperCase(Locale.ROOT);
        return jurisdictions.isEmpty()
                || jurisdictions.stream()
                        .anyMatch(allowed -> allowed.toUpperCase(Locale.ROOT).equals(there));
    }
}
