package org.strongroom.plugin.tenancy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.dicom.OrthancId;

/** What somebody sent into another tenant's study, as long as Orthanc has it, or may have it. Guarded by {@link StudyTenants}. */
final class Stray {
    private final byte[] patientId;
    private final byte[] studyInstanceUid;
    private final Set<String> studies;
    private final Set<UUID> patients;
    /** By attachment: what Orthanc may call its instance. */
    private final Map<UUID, Set<String>> arrived = new HashMap<>();

    private boolean checked;

    /** @param checked false if an earlier run of Orthanc may have left something in its index */
    Stray(byte[] patientId, byte[] studyInstanceUid, boolean checked) {
        this.patientId = patientId.clone();
        this.studyInstanceUid = studyInstanceUid.clone();
        this.studies = OrthancId.ofStudy(patientId, studyInstanceUid);
        this.patients =
                OrthancId.ofPatient(patientId).stream().map(StudyTenants::half).collect(Collectors.toUnmodifiableSet());
        this.checked = checked;
    }

    byte[] patientId() {
        return patientId.clone();
    }

    byte[] studyInstanceUid() {
        return studyInstanceUid.clone();
    }

    /** What Orthanc may call the study that it goes into. */
    Set<String> studies() {
        return studies;
    }

    /** What Orthanc may call its patient, as {@link StudyTenants} keeps names. */
    Set<UUID> patients() {
        return patients;
    }

    void arrive(UUID attachment, Set<String> instance) {
        arrived.put(attachment, Set.copyOf(instance));
    }

    void gone(UUID attachment) {
        arrived.remove(attachment);
    }

    Map<UUID, Set<String>> arrived() {
        return Map.copyOf(arrived);
    }

    boolean isChecked() {
        return checked;
    }

    void check() {
        checked = true;
    }

    boolean isOver() {
        return checked && arrived.isEmpty();
    }
}
