package org.strongroom.sidecar.doctor;

import java.util.Objects;

/**
 * Something that a person should know.
 *
 * @param what is the case, with the setting's name
 * @param risk what can happen
 * @param cure one imperative sentence
 */
public record Finding(Level level, String what, String risk, String cure) {
    public Finding {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(risk, "risk");
        Objects.requireNonNull(cure, "cure");
    }

    /** How bad it is. */
    public enum Level {
        /** Images or keys are in danger. */
        SERIOUS,
        /** A way in, or a slow one; may be intended. */
        WARNING
    }

    static Finding serious(String what, String risk, String cure) {
        return new Finding(Level.SERIOUS, what, risk, cure);
    }

    static Finding warning(String what, String risk, String cure) {
        return new Finding(Level.WARNING, what, risk, cure);
    }
}
