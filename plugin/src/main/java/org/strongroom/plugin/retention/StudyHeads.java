package org.strongroom.plugin.retention;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.Tag;
import org.strongroom.core.format.v1.Tag16;

/** What the heads of one study key tell, one of each series. For one thread. */
final class StudyHeads {
    final UUID sealedFor;
    /** Whose it is, which may be another. */
    final UUID tenant;

    private final Set<Tag16> seen = new HashSet<>();
    private final Set<String> modalities = new HashSet<>();
    private Optional<DateSpan> studied = Optional.empty();
    private Optional<DateSpan> born = Optional.empty();
    private String patient = "";
    private boolean modalityMissing;
    String study = "";
    long images;
    long living;
    /** Of what is to be deleted by name. */
    final List<UUID> livingFiles = new ArrayList<>();

    boolean unread;

    StudyHeads(UUID sealedFor, UUID tenant) {
        this.sealedFor = sealedFor;
        this.tenant = tenant;
    }

    /** Whether nothing of this series was looked at before. */
    boolean isNew(Tag16 series) {
        return seen.add(series);
    }

    void add(DicomHeader dicom) {
        study = text(dicom.studyInstanceUid());
        patient = text(dicom.patientId());
        String modality = text(dicom.attributes().getBytes(Tag.Modality));
        if (modality.isEmpty()) {
            modalityMissing = true;
        } else {
            modalities.add(modality);
        }
        studied = joined(studied, dicom, Tag.StudyDate);
        born = joined(born, dicom, Tag.PatientBirthDate);
    }

    /** Series that disagree may all be right. */
    private static Optional<DateSpan> joined(Optional<DateSpan> before, DicomHeader dicom, int tag) {
        Optional<DateSpan> here = DateSpan.parse(text(dicom.attributes().getBytes(tag)));
        return before.isPresent() && here.isPresent()
                ? Optional.of(before.get().with(here.get()))
                : here.or(() -> before);
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.ISO_8859_1).strip();
    }

    /** Whose last contact this study's day is; empty if nobody knows. */
    Optional<String> patient() {
        return Optional.of(patient).filter(id -> !id.isEmpty()).map(id -> tenant + " " + id);
    }

    /** Whether nobody can say whose it is: an image of it has no PatientID, or it cannot be read. */
    boolean mayBeAnybodys() {
        return patient.isEmpty() && (unread || !seen.isEmpty());
    }

    /**
     * The last day on which the patient can have been here for this study.
     *
     * @param arrived when the last of it did
     */
    LocalDate day(LocalDate arrived) {
        LocalDate told = studied.map(DateSpan::last).orElse(arrived);
        boolean doubtful = unread || studied.filter(Placeholders::isOfAClock).isPresent();
        return doubtful && told.isBefore(arrived) ? arrived : told;
    }

    StudyFacts facts(String tenantName, Optional<LocalDate> contact, LocalDate arrived) {
        // A series that does not say its modality may be of any.
        return new StudyFacts(tenantName, modalityMissing ? Set.of() : modalities, studied, born, contact, arrived);
    }
}
