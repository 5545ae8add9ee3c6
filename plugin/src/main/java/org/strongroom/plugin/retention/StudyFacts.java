package org.strongroom.plugin.retention;

import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a rule may ask about a study. Immutable; PHI.
 *
 * @param tenant whose it is, by name
 * @param modalities of all its series (PS3.3 C.7.3.1.1.1); empty if none is known
 * @param studied the day of the study, the latest if its images name several; empty if they name none
 * @param born empty if unknown
 * @param contact the last day on which the patient was examined here, as far as is known
 * @param arrived the day on which it was stored here, by the calendar that is furthest ahead
 */
record StudyFacts(
        String tenant,
        Set<String> modalities,
        Optional<DateSpan> studied,
        Optional<DateSpan> born,
        Optional<LocalDate> contact,
        LocalDate arrived) {
    StudyFacts {
        Objects.requireNonNull(tenant, "tenant");
        modalities = Set.copyOf(modalities);
        Objects.requireNonNull(studied, "studied");
        Objects.requireNonNull(born, "born");
        Objects.requireNonNull(contact, "contact");
        Objects.requireNonNull(arrived, "arrived");
    }

    /** Says nothing: it is PHI. */
    @Override
    public String toString() {
        return "***";
    }
}
