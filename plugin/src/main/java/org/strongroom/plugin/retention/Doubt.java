package org.strongroom.plugin.retention;

/** What was not known well, and how it was read instead. */
enum Doubt {
    NO_STUDY_DATE("no study date: counted from the day of arrival"),
    PART_OF_STUDY_DATE("only a part of the study date: counted from its last possible day"),
    CLOCK_STUDY_DATE("the study date is one that clocks begin at: counted from the day of arrival"),
    STUDY_AFTER_ARRIVAL("studied after it arrived: counted from the later day"),
    STUDY_BEFORE_BIRTH("studied before the patient was born: counted from the day of arrival, as a minor's"),
    NO_BIRTH_DATE("no birth date: kept as if born on the day of the study"),
    PART_OF_BIRTH_DATE("only a part of the birth date: counted from its last possible day"),
    PLACEHOLDER_BIRTH_DATE("a birth date that stands for none: kept as if born on the day of the study"),
    IMPOSSIBLE_AGE("older than people become: kept as if born on the day of the study"),
    NO_MODALITY("no modality: every rule counts that asks for one"),
    ANYBODYS_CONTACT("a later study tells no patient, or cannot be read: counted as a contact of this one");

    private final String text;

    Doubt(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
