package org.strongroom.core.dicom;

/** Whose bytes these are: raw values as in the file, trimmed (format.md §5.3); absent ones are empty. PHI. */
public final class Identity {
    private final byte[] patientId;
    private final byte[] studyInstanceUid;
    private final byte[] seriesInstanceUid;

    Identity(byte[] patientId, byte[] studyInstanceUid, byte[] seriesInstanceUid) {
        this.patientId = patientId;
        this.studyInstanceUid = studyInstanceUid;
        this.seriesInstanceUid = seriesInstanceUid;
    }

    public byte[] patientId() {
        return patientId.clone();
    }

    /** Never empty. */
    public byte[] studyInstanceUid() {
        return studyInstanceUid.clone();
    }

    public byte[] seriesInstanceUid() {
        return seriesInstanceUid.clone();
    }

    /** Says nothing: what this holds belongs into no log. */
    @Override
    public String toString() {
        return "***";
    }
}
