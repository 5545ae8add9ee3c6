package org.strongroom.plugin.offline;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;
import picocli.CommandLine.Option;

/** What is to be erased. */
final class ShredSelection {
    @Option(
            names = "--study",
            paramLabel = "STUDY",
            description = "One study: StudyInstanceUID, Orthanc's id of the study, or key id.")
    private String study;

    @Option(names = "--patient", paramLabel = "ID", description = "All studies of the patient with this PatientID.")
    private String patient;

    /** @throws StrongroomException NOT_FOUND if there is no key of it */
    List<UUID> keys(Keyring keyring) throws IOException {
        List<UUID> keys = study != null ? keyring.studyKeys(study) : keyring.patientKeys(patient);
        if (keys.isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "nothing of this was ever sealed here, or it is erased")
                    .cure("Name it as Orthanc showed it; what Orthanc stored before Strongroom is in clear in its"
                            + " StorageDirectory, and goes when Orthanc deletes it");
        }
        return keys;
    }
}
