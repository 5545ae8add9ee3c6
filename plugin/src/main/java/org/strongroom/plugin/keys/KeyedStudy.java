package org.strongroom.plugin.keys;

import java.util.Arrays;

/** What a key of a study belongs to: raw values as in the file. Immutable; PHI. */
public final class KeyedStudy {
    private final byte[] patientId;
    private final byte[] studyInstanceUid;

    public KeyedStudy(byte[] patientId, byte[] studyInstanceUid) {
        this.patientId = patientId.clone();
        this.studyInstanceUid = studyInstanceUid.clone();
    }

    public byte[] patientId() {
        return patientId.clone();
    }

    public byte[] studyInstanceUid() {
        return studyInstanceUid.clone();
    }

    /** StudyInstanceUID without what fills it up. */
    public String uid() {
        return StudyName.uid(studyInstanceUid);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyedStudy that
                && Arrays.equals(patientId, that.patientId)
                && Arrays.equals(studyInstanceUid, that.studyInstanceUid);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(studyInstanceUid);
    }

    /** Says nothing: it is PHI. */
    @Override
    public String toString() {
        return "***";
    }
}
