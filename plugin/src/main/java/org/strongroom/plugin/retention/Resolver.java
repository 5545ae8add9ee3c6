package org.strongroom.plugin.retention;

import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a date of facts and rules. Pure. Where a fact is missing, vague or cannot be, whatever it may have been counts that keeps
 * longest: knowing less about a study never makes it go earlier.
 */
final class Resolver {
    /** Nobody is known to have become older than 122. */
    private static final int OLDEST = 115;

    private final StudyFacts facts;
    private final Set<Doubt> doubts = EnumSet.noneOf(Doubt.class);
    private final DateSpan studied;
    private final DateSpan born;
    private final Set<Purpose> purposes;

    private Resolver(StudyFacts facts) {
        this.facts = facts;
        this.studied = studied();
        this.born = born();
        this.purposes = Purpose.of(facts.modalities());
        if (facts.modalities().isEmpty()) {
            doubts.add(Doubt.NO_MODALITY);
        }
    }

    /**
     * What the rules say.
     *
     * @param rules all that may be about it
     * @param today rules that are not in force yet do not count
     */
    static Resolution resolve(StudyFacts facts, List<Rule> rules, LocalDate today) {
        Resolver resolver = new Resolver(facts);
        List<Term> terms = rules.stream()
                .filter(rule -> rule.isInForce(today) && resolver.isAbout(rule))
                .map(rule -> new Term(rule, Anniversary.of(resolver.start(rule.start()), rule.years())))
                .toList();
        return new Resolution(terms, resolver.doubts);
    }

    private DateSpan studied() {
        DateSpan untilArrival = new DateSpan(DateSpan.EVER, facts.arrived());
        if (facts.studied().isEmpty()) {
            doubts.add(Doubt.NO_STUDY_DATE);
            return untilArrival;
        }
        DateSpan given = facts.studied().get();
        if (!given.isExact()) {
            doubts.add(Doubt.PART_OF_STUDY_DATE);
        }
        if (given.first().isAfter(facts.arrived())) {
            doubts.add(Doubt.STUDY_AFTER_ARRIVAL);
        }
        if (facts.born().isPresent() && given.last().isBefore(facts.born().get().first())) {
            doubts.add(Doubt.STUDY_BEFORE_BIRTH);
            return given.with(untilArrival);
        }
        if (Placeholders.isOfAClock(given)) {
            doubts.add(Doubt.CLOCK_STUDY_DATE);
            return given.with(DateSpan.of(facts.arrived()));
        }
        return given;
    }

    private DateSpan born() {
        DateSpan untilStudy = new DateSpan(DateSpan.EVER, studied.last());
        if (facts.born().isEmpty()) {
            doubts.add(Doubt.NO_BIRTH_DATE);
            return untilStudy;
        }
        DateSpan given = facts.born().get();
        if (Placeholders.isNobodysBirth(given)) {
            doubts.add(Doubt.PLACEHOLDER_BIRTH_DATE);
            return given.with(untilStudy);
        }
        if (Anniversary.of(given.first(), OLDEST).isBefore(studied.last())) {
            doubts.add(Doubt.IMPOSSIBLE_AGE);
            return given.with(untilStudy);
        }
        if (!given.isExact()) {
            doubts.add(Doubt.PART_OF_BIRTH_DATE);
        }
        return given;
    }

    private boolean isAbout(Rule rule) {
        return (rule.tenants().isEmpty() || rule.tenants().contains(facts.tenant()))
                && isAboutModality(rule)
                && (rule.purpose().isEmpty() || purposes.contains(rule.purpose().get()))
                && (rule.from().isEmpty() || mayHaveBeen(rule.from().getAsInt()))
                && (rule.under().isEmpty() || mayHaveBeenUnder(rule.under().getAsInt()));
    }

    private boolean isAboutModality(Rule rule) {
        Set<String> known = facts.modalities();
        if (known.isEmpty()) {
            return true;
        }
        boolean named = rule.modalities().isEmpty() || known.stream().anyMatch(rule.modalities()::contains);
        return named && (rule.except().isEmpty() || !rule.except().containsAll(known));
    }

    private boolean mayHaveBeen(int age) {
        return !studied.last().isBefore(Anniversary.of(born.first(), age));
    }

    private boolean mayHaveBeenUnder(int age) {
        return studied.first().isBefore(Anniversary.of(born.last(), age));
    }

    private LocalDate start(Start start) {
        return switch (start) {
            case STUDY -> studied.last();
            case CONTACT ->
                facts.contact().filter(day -> day.isAfter(studied.last())).orElse(studied.last());
            case BIRTH -> born.last();
        };
    }
}
