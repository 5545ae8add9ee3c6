package org.strongroom.plugin.retention;

import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One rule: how long something is to be kept, and what. A condition that is empty asks nothing. Immutable.
 *
 * @param id its name, unique among all: {@code PACK/word}
 * @param citation where it is written
 * @param textDate date of the text that was read; empty if a clinic's own rule does not say it
 * @param effective since when it is in force; empty: ever since
 * @param years so many
 * @param start from this day on
 * @param tenants whose studies, by name
 * @param modalities studies with at least one of these
 * @param except not studies with nothing but these
 * @param purpose what they were for
 * @param from patients of at least this age, in years, on the day of the study
 * @param under patients who had not reached this age
 */
record Rule(
        String id,
        String citation,
        Optional<LocalDate> textDate,
        Optional<LocalDate> effective,
        int years,
        Start start,
        Set<String> tenants,
        Set<String> modalities,
        Set<String> except,
        Optional<Purpose> purpose,
        OptionalInt from,
        OptionalInt under) {
    /** Nothing that anybody wrote into a law is longer. */
    static final int MOST_YEARS = 150;

    Rule {
        Objects.requireNonNull(id, "id");
        if (citation.isBlank()) {
            throw new IllegalArgumentException("rule " + id + " cites nothing");
        }
        if (years < 1 || years > MOST_YEARS) {
            throw new IllegalArgumentException("rule " + id + " of " + years + " years");
        }
        Objects.requireNonNull(start, "start");
        tenants = Set.copyOf(tenants);
        modalities = Set.copyOf(modalities);
        except = Set.copyOf(except);
        if (from.isPresent() && under.isPresent() && from.getAsInt() >= under.getAsInt()) {
            throw new IllegalArgumentException("rule " + id + " is about nobody's age");
        }
    }

    boolean isInForce(LocalDate today) {
        return effective.isEmpty() || !today.isBefore(effective.get());
    }
}
