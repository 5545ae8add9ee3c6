package org.strongroom.plugin.access;

import java.util.Locale;

/** Why an answer cannot simply be Orthanc's. */
public enum Treatment {
    /** What is not the caller's is left out. */
    FILTERED,
    /** Tags of the patient come from the caller's own instances. */
    OWN,
    /** Contents of structured reports are left out. */
    REPORTS,
    /** What the body names is checked first. */
    BODY,
    /** It is never answered. */
    DENY;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
