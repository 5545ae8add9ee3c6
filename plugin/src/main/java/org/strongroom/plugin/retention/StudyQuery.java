package org.strongroom.plugin.retention;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Which studies somebody means, by what their images say. Immutable.
 *
 * @param tenant whose, by name; empty: anybody's
 * @param modality of one of its series (PS3.3 C.7.3.1.1.1); empty: any
 * @param from the first day of the study; empty: however early
 * @param to the last day; empty: however late
 */
public record StudyQuery(
        Optional<String> tenant, Optional<String> modality, Optional<LocalDate> from, Optional<LocalDate> to) {
    /** PS3.5 6.2, code string. */
    private static final Pattern CODE = Pattern.compile("[A-Z0-9_ ]{1,16}");

    /** @throws StrongroomException REFUSED if it ends before it begins, or names what is no modality */
    public StudyQuery {
        modality = modality.map(one -> one.strip().toUpperCase(Locale.ROOT));
        if (modality.filter(one -> !CODE.matcher(one).matches()).isPresent()) {
            throw StrongroomException.of(FailureKind.REFUSED, "--modality is no code of a modality")
                    .with("--modality", modality.get())
                    .cure("Name one, as images have it: MG");
        }
        if (from.isPresent() && to.isPresent() && to.get().isBefore(from.get())) {
            throw StrongroomException.of(FailureKind.REFUSED, "--to is before --from")
                    .cure("Name the first day with --from and the last with --to");
        }
    }

    /** Whether it means a study, or may: what a study does not tell, or cannot know, may be what is meant. */
    boolean mayMean(StudyFacts facts) {
        return tenant.filter(name -> !name.equals(facts.tenant())).isEmpty()
                && (facts.modalities().isEmpty()
                        || modality.filter(one -> facts.modalities().stream().noneMatch(one::equalsIgnoreCase))
                                .isEmpty())
                && facts.studied().filter(day -> !mayBeOn(day)).isEmpty();
    }

    /** Whether it means a study that tells all of what was asked for. */
    boolean means(StudyFacts facts) {
        boolean anyDay = from.isEmpty() && to.isEmpty();
        return mayMean(facts)
                && (modality.isEmpty() || !facts.modalities().isEmpty())
                && (anyDay || facts.studied().filter(this::isOn).isPresent());
    }

    private boolean isOn(DateSpan day) {
        return !Placeholders.isOfAClock(day)
                && from.filter(day.first()::isBefore).isEmpty()
                && to.filter(day.last()::isAfter).isEmpty();
    }

    private boolean mayBeOn(DateSpan day) {
        return Placeholders.isOfAClock(day)
                || (from.filter(first -> day.last().isBefore(first)).isEmpty()
                        && to.filter(last -> day.first().isAfter(last)).isEmpty());
    }

    /** As it was asked. */
    public String words() {
        List<String> words = new ArrayList<>();
        modality.ifPresent(one -> words.add("modality " + one));
        from.ifPresent(day -> words.add("from " + day));
        to.ifPresent(day -> words.add("to " + day));
        tenant.ifPresent(name -> words.add("of tenant " + name));
        return String.join(" ", words);
    }
}
