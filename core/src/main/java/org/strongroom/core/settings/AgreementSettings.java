package org.strongroom.core.settings;

import java.time.LocalDate;
import java.util.Optional;

/**
 * That whoever runs a tier may hold patients' data: a business associate agreement (45 CFR 164.504(e)), a processor's contract (GDPR
 * Art. 28), or who has decided that none is needed. Immutable.
 */
public record AgreementSettings(
        @Setting(text = "The company it is made with.", otherwise = "there is none: Waived says why")
                Optional<String> with,
        @Setting(text = "The day of the last signature.", otherwise = "unknown") Optional<LocalDate> signed,
        @Setting(text = "The last day on which it holds.", otherwise = "it has no end") Optional<LocalDate> until,
        @Setting(text = "Where the paper is, for whoever asks to see it.", otherwise = "unknown")
                Optional<String> document,
        @Setting(
                        text = "Why none is needed here, for example that it is the clinic's own machine.",
                        otherwise = "one is made, With somebody")
                Optional<String> waived,
        @Setting(text = "Who has decided that.", otherwise = "nothing is waived") Optional<String> by) {
    public AgreementSettings {
        Optional<String> party = with;
        Optional<String> why = waived;
        Optional<String> who = by;
        Optional<LocalDate> begins = signed;
        Optional<LocalDate> ends = until;
        Problems.check(problems -> {
            if (party.isEmpty() && why.isEmpty() && who.isEmpty()) {
                problems.add("With", "missing: write with whom it is made, or Waived and By");
            } else if (party.isPresent() && why.isPresent()) {
                problems.add("Waived", "stands beside With, and one of them is wrong: remove it");
            }
            if (why.isPresent() != who.isPresent()) {
                problems.add(
                        why.isPresent() ? "By" : "Waived",
                        why.isPresent()
                                ? "missing: write who waived it"
                                : "missing: write why none is needed, or remove By");
            }
            if (begins.isPresent() && ends.isPresent() && ends.get().isBefore(begins.get())) {
                problems.add("Until", ends.get() + " is before it was signed: correct one of the two days");
            }
        });
    }

    /** Whether it holds on this day: the last one counts. */
    public boolean holds(LocalDate day) {
        return until.filter(day::isAfter).isEmpty();
    }

    /** In a few words: with whom, or who waived it and why. */
    @Override
    public String toString() {
        return with.map(party -> "with " + party)
                .orElseGet(() -> "waived by " + by.orElseThrow() + ": " + waived.orElseThrow());
    }
}
