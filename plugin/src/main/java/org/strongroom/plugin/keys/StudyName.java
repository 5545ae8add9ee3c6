package org.strongroom.plugin.keys;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.format.v1.StudySecret;

/** The names by which people know the study of a key, and its patient. Stateless. */
public final class StudyName {
    private StudyName() {}

    /** Whether {@code name} is the StudyInstanceUID of this study, or Orthanc's id of it. */
    static boolean isOf(StudySecret study, String name) {
        return isStudy(study.patientId(), study.studyInstanceUid(), name);
    }

    /** What Orthanc may call this study; nothing if it has no name. */
    static Set<String> ofOrthanc(StudySecret study) {
        return study.studyInstanceUid().length == 0
                ? Set.of()
                : OrthancId.ofStudy(study.patientId(), study.studyInstanceUid());
    }

    /**
     * Whether {@code name} is this StudyInstanceUID, or Orthanc's id of the study.
     *
     * @param patientId raw value as in a file
     * @param studyInstanceUid raw value as in a file
     */
    public static boolean isStudy(byte[] patientId, byte[] studyInstanceUid, String name) {
        String uid = new String(studyInstanceUid, StandardCharsets.US_ASCII).replace('\0', ' ');
        return !uid.isBlank()
                && (uid.strip().equals(name)
                        || OrthancId.ofStudy(patientId, studyInstanceUid).contains(name));
    }

    /** StudyInstanceUID without what fills it up. */
    static String uid(StudySecret study) {
        return uid(study.studyInstanceUid());
    }

    /** The same of a raw value. */
    static String uid(byte[] raw) {
        return new String(raw, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
    }

    /** PatientID without what fills it up, each byte a character. */
    static String patient(StudySecret study) {
        return new String(study.patientId(), StandardCharsets.ISO_8859_1)
                .replace('\0', ' ')
                .strip();
    }

    /** Whether this is a study of the patient with this PatientID, in the characters that people type. */
    static boolean isOfPatient(StudySecret study, String patientId) {
        return study.studyInstanceUid().length > 0 && isPatient(study.patientId(), patientId);
    }

    /**
     * Whether a PatientID is the one that somebody typed.
     *
     * @param raw as in a file
     */
    public static boolean isPatient(byte[] raw, String patientId) {
        return Stream.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)
                .map(charset -> new String(raw, charset).replace('\0', ' '))
                .anyMatch(id -> id.strip().equals(patientId.strip()));
    }
}
