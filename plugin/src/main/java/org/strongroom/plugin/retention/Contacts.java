package org.strongroom.plugin.retention;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * When each patient was here last, as far as studies tell. One whose patient is not known may be any patient's of its tenant, so it is
 * a contact of each: what is due by a last contact is due whoever that was. For one thread.
 */
final class Contacts {
    private final Map<String, LocalDate> patients = new HashMap<>();
    private final Map<UUID, LocalDate> unknown = new HashMap<>();
    private Optional<LocalDate> anybodys = Optional.empty();

    /** @param arrived the last day on which anything of it can have arrived */
    void add(StudyHeads study, LocalDate arrived) {
        LocalDate day = study.day(arrived);
        study.patient().ifPresent(patient -> patients.merge(patient, day, Contacts::later));
        if (study.mayBeAnybodys()) {
            unknown.merge(study.tenant, day, Contacts::later);
        }
    }

    /** There is something of which not even the tenant is known, and it may be of this day. */
    void addAnybodys(LocalDate day) {
        anybodys = Optional.of(anybodys.map(before -> later(before, day)).orElse(day));
    }

    /** The last day on which whoever this study is of can have been here. */
    Optional<LocalDate> of(StudyHeads study) {
        Optional<LocalDate> own = study.patient().map(patients::get);
        return Stream.of(own, unknownOf(study)).flatMap(Optional::stream).reduce(Contacts::later);
    }

    /** Whether that is a day of which nobody knows that the patient was here. */
    boolean isGuessed(StudyHeads study) {
        Optional<LocalDate> own = study.patient().map(patients::get);
        return own.isPresent() && unknownOf(study).filter(own.get()::isBefore).isPresent();
    }

    private Optional<LocalDate> unknownOf(StudyHeads study) {
        return Stream.of(Optional.ofNullable(unknown.get(study.tenant)), anybodys)
                .flatMap(Optional::stream)
                .reduce(Contacts::later);
    }

    private static LocalDate later(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }
}
