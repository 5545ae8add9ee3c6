package org.strongroom.plugin.retention;

import java.util.EnumSet;
import java.util.Set;

/** What radiation or another modality was used for, as far as its objects tell. */
enum Purpose {
    EXAMINATION,
    TREATMENT;

    /** What a study with these modalities can have been for; nothing is ruled out if none is known. */
    static Set<Purpose> of(Set<String> modalities) {
        if (modalities.isEmpty()) {
            return EnumSet.allOf(Purpose.class);
        }
        // Plans, doses, structures, records and images of radiotherapy: every modality of PS3.3 that begins with RT.
        boolean treated = modalities.stream().anyMatch(modality -> modality.startsWith("RT"));
        return treated ? EnumSet.allOf(Purpose.class) : EnumSet.of(EXAMINATION);
    }
}
