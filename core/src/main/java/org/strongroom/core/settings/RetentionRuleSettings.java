package org.strongroom.core.settings;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A retention rule of a clinic's own: it can say all that the rules can that come with Strongroom. Immutable. */
public record RetentionRuleSettings(
        @Setting(text = "Where it is written, or who decided it; shown wherever it is the reason.") String reason,
        @Setting(text = "The day of the text that was read, for whoever checks the rule later.", otherwise = "unknown")
                Optional<LocalDate> text,
        @Setting(
                        text =
                                "The first day on which the rule counts. Until then it keeps nothing, and the plan says so.",
                        otherwise = "it counts at once")
                Optional<LocalDate> effective,
        @Setting(text = "For so many years.", min = 1) int years,
        @Setting(
                        text =
                                "Counted from the day of the \"study\", the last \"contact\" with the patient that is known"
                                        + " here (the last study), or the patient's \"birth\".",
                        byDefault = "study")
                String from,
        @Setting(text = "Only studies with one of these modalities.", otherwise = "all") List<String> modalities,
        @Setting(
                        text =
                                "Not studies that have nothing but these modalities, for example [\"US\", \"MR\"] in a rule about"
                                        + " radiation.",
                        otherwise = "none are left out")
                List<String> except,
        @Setting(
                        text =
                                "Only studies that can have been for this: \"treatment\", which are those with objects of"
                                        + " radiotherapy (RT…), or \"examination\", which may be any.",
                        otherwise = "for whatever")
                Optional<String> purpose,
        @Setting(text = "Only studies of these tenants.", otherwise = "all") List<String> tenants,
        @Setting(
                        text =
                                "Only of patients who were at least this old on the day of the study, in years; one whose"
                                        + " date of birth is unknown was.",
                        otherwise = "of all ages",
                        min = 1)
                OptionalInt fromAge,
        @Setting(
                        text = "Only of patients who were younger than this on the day of the study, in years; one"
                                + " whose date of birth is unknown was.",
                        otherwise = "of all ages",
                        min = 1)
                OptionalInt under) {
    /** Longer is a slip of the pen. */
    private static final int MOST_YEARS = 150;

    private static final Set<String> STARTS = Set.of("study", "contact", "birth");
    private static final Set<String> PURPOSES = Set.of("examination", "treatment");

    public RetentionRuleSettings {
        modalities = List.copyOf(modalities);
        except = List.copyOf(except);
        tenants = List.copyOf(tenants);
        int given = years;
        String start = from;
        List<String> named = modalities;
        List<String> excepted = except;
        Optional<String> wanted = purpose.filter(word -> !PURPOSES.contains(word));
        boolean nobodys = fromAge.isPresent() && under.isPresent() && fromAge.getAsInt() >= under.getAsInt();
        Problems.check(problems -> {
            if (given > MOST_YEARS) {
                problems.add("Years", given + " is too long: write at most " + MOST_YEARS);
            }
            if (!STARTS.contains(start)) {
                problems.add("From", "\"" + start + "\" is no beginning: write study, contact or birth");
            }
            checkModalities(problems, "Modalities", named);
            checkModalities(problems, "Except", excepted);
            wanted.ifPresent(
                    word -> problems.add("Purpose", "\"" + word + "\" is no purpose: write examination or treatment"));
            if (nobodys) {
                problems.add("FromAge", "is not below Under, so the rule is about nobody: correct one of the two");
            }
        });
    }

    private static void checkModalities(Problems problems, String setting, List<String> modalities) {
        modalities.stream()
                .filter(modality -> !modality.matches("[A-Z0-9_ ]{1,16}"))
                .findFirst()
                .ifPresent(modality -> problems.add(
                        setting, "\"" + modality + "\" is no modality: write it as DICOM does, for example CT"));
    }
}
