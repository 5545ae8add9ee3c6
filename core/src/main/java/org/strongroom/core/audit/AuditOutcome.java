package org.strongroom.core.audit;

import java.util.Locale;

/** How an attempt ended. */
public enum AuditOutcome {
    SUCCESS,
    /** A rule said no: nothing was done. */
    REFUSED,
    /** It was allowed and did not work. */
    FAILURE;

    /** As it stands in an entry. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is none */
    public static AuditOutcome of(String wire) {
        for (AuditOutcome outcome : values()) {
            if (outcome.wire().equals(wire)) {
                return outcome;
            }
        }
        throw new IllegalArgumentException("no such outcome");
    }
}
