package org.strongroom.core.settings;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A retention rule of a clinic's own. Immutable. */
public record RetentionRuleSettings(
        @Setting(text = "Where it is written, or who decided it; shown wherever it is the reason.") String reason,
        @Setting(text = "For so many years.", min = 1) int years,
        @Setting(
                        text =
                                "Counted from the day of the \"study\", the last \"contact\" with the patient that is known"
                                        + " here (the last study), or the patient's \"birth\".",
                        byDefault = "study")
                String from,
        @Setting(text = "Only studies with one of these modalities.", otherwise = "all") List<String> modalities,
        @Setting(text = "Only studies of these tenants.", otherwise = "all") List<String> tenants,
        @Setting(
                        text = "Only of patients who were younger than this on the day of the study, in years; one"
                                + " whose date of birth is unknown was.",
                        otherwise = "of all ages",
                        min = 1)
                OptionalInt under) {
    /** Longer is a slip of the pen. */
    private static final int MOST_YEARS = 150;

    private static final Set<String> STARTS = Set.of("study", "contact", "birth");

    public RetentionRuleSettings {
        modalities = List.copyOf(modalities);
        tenants = List.copyOf(tenants);
        int given = years;
        String start = from;
        Optional<String> wrong = modalities.stream()
                .filter(modality -> !modality.matches("[A-Z0-9_ ]{1,16}"))
                .findFirst();
        Problems.check(problems -> {
            if (given > MOST_YEARS) {
                problems.add("Years", given + " is too long: write at most " + MOST_YEARS);
            }
            if (!STARTS.contains(start)) {
                problems.add("From", "\"" + start + "\" is no beginning: write study, contact or birth");
            }
            wrong.ifPresent(modality -> problems.add(
                    "Modalities", "\"" + modality + "\" is no modality: write it as DICOM does, for example CT"));
        });
    }
}
