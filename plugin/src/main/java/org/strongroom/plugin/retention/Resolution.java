package org.strongroom.plugin.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How long a study has to be kept, and why. Immutable.
 *
 * @param terms of every rule that is about it, the longest first
 * @param doubts what was not known well
 */
record Resolution(List<Term> terms, Set<Doubt> doubts) {
    /** Where a day ends last. */
    private static final ZoneOffset LAST = ZoneOffset.ofHours(-12);

    Resolution {
        terms = terms.stream()
                .sorted(Comparator.comparing(Term::until).reversed().thenComparing(term -> term.rule()
                        .id()))
                .toList();
        doubts = Set.copyOf(doubts);
    }

    /** The last day on which it has to be there: the latest that any rule says. Empty if no rule is about it: then it stays. */
    Optional<LocalDate> until() {
        return terms.stream().findFirst().map(Term::until);
    }

    /** Whether a day is over everywhere. */
    static boolean isOver(LocalDate day, Instant now) {
        return !now.isBefore(day.plusDays(1).atStartOfDay().toInstant(LAST));
    }
}
