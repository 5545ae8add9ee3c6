package org.strongroom.plugin.access;

/** How far a permission goes inside a tenant. */
public enum Reach {
    NOTHING,
    /** Patients whose referring physician the user is, or that were shared with the user. */
    OWN_PATIENTS,
    EVERYTHING;

    Reach or(Reach other) {
        return compareTo(other) > 0 ? this : other;
    }
}
