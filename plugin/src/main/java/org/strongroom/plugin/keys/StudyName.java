package org.strongroom.plugin.keys;

import java.nio.charset.StandardCharsets;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.format.v1.StudySecret;

/** The names by which people know the study of a key. */
final class StudyName {
    private StudyName() {}

    /** Whether {@code name} is the StudyInstanceUID of this study, or Orthanc's id of it. */
    static boolean isOf(StudySecret study, String name) {
        String uid = new String(study.studyInstanceUid(), StandardCharsets.US_ASCII).replace('\0', ' ');
        return !uid.isBlank()
                && (uid.strip().equals(name)
                        || OrthancId.ofStudy(study.patientId(), study.studyInstanceUid())
                                .contains(name));
    }
}
