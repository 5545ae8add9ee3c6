package org.strongroom.plugin.retention;

/** The day from which a rule counts its years. */
enum Start {
    /** The last day of the study. */
    STUDY,
    /** The last day on which the patient was seen here, as far as is known: that of the study, or of a later one. */
    CONTACT,
    /** The patient's birth. */
    BIRTH
}
