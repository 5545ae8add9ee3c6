package org.strongroom.core.settings;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One tenant: what is theirs, where it may be sent, and where it may be kept. Immutable. */
public record TenantSettings(
        @Setting(
                        text =
                                "The tenant's data is only ever put into tiers of these jurisdictions, for example \"EU\".",
                        otherwise = "any")
                List<String> jurisdictions,
        @Setting(
                        text =
                                "Names of the tiers that the tenant's studies go to. Journal, snapshots, audit log and wrapped keys are"
                                        + " everybody's and go to every tier.",
                        otherwise = "all tiers")
                Optional<List<String>> tiers,
        @Setting(
                        text =
                                "How many of them must hold a verified copy of a study of the tenant's before local bytes may be"
                                        + " evicted.",
                        otherwise = "Copies of all tenants",
                        min = 1)
                OptionalInt copies,
        @Setting(text = "What tells that an image is this tenant's; asked in the order of the names below.")
                SourceSettings sources,
        @Setting(
                        text = "Titles (AET) of modalities that the tenant's studies may be sent to (C-MOVE, C-STORE).",
                        otherwise = "the titles in Sources.AETs")
                List<String> destinations,
        @Setting(
                        text = "Names of OrthancPeers, other Orthancs, that the tenant's studies may be sent to.",
                        otherwise = "none")
                List<String> peers,
        @Setting(
                        text = "Whose law says how long the tenant's studies are kept, as in Retention.Laws.",
                        otherwise = "Retention.Laws")
                List<String> laws) {
    public TenantSettings {
        jurisdictions = List.copyOf(jurisdictions);
        tiers = tiers.map(List::copyOf);
        destinations = List.copyOf(destinations);
        peers = List.copyOf(peers);
        List<String> titles = destinations;
        laws = List.copyOf(laws);
        List<String> named = laws;
        Problems.check(problems -> {
            AeTitles.check(problems, "Destinations", titles);
            RetentionSettings.checkLaws(problems, "Laws", named);
        });
    }

    /** Whether data of this tenant may be in a tier of this jurisdiction. */
    boolean permits(String jurisdiction) {
        return Residency.permit(jurisdictions, jurisdiction);
    }

    /** Whether studies of this tenant's go to the tier with this name, if they may be there. */
    public boolean goesTo(String tier) {
        return tiers.isEmpty() || tiers.get().contains(tier);
    }

    /** Whether it says where its studies may be, go, or how long they stay: then it may be one of which only studies are left. */
    boolean hasStudies() {
        return isPlaced() || !jurisdictions.isEmpty() || !laws.isEmpty();
    }

    /** Whether it says itself where its studies go, or how many copies they need. */
    public boolean isPlaced() {
        return tiers.isPresent() || copies.isPresent();
    }

    /** Whether the tenant's studies may be sent to the modality with this title. */
    public boolean sendsTo(String title) {
        return has(destinations.isEmpty() ? sources.aETs() : destinations, title);
    }

    /** Whether the modality with this title sends to the tenant, or is sent to. */
    public boolean reaches(String title) {
        return sendsTo(title) || has(sources.aETs(), title);
    }

    private static boolean has(List<String> titles, String title) {
        String there = AeTitles.folded(title);
        return titles.stream().anyMatch(one -> AeTitles.folded(one).equals(there));
    }
}
