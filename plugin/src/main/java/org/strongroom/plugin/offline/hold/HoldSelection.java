package org.strongroom.plugin.offline.hold;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.hold.HoldText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.retention.StudyQuery;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is held. */
final class HoldSelection {
    @ArgGroup
    private Name name;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description = "Everything that is this tenant's; with --modality, --from or --to what of it is meant.")
    private String tenant;

    @Option(
            names = "--modality",
            paramLabel = "CODE",
            description = "Studies with a series of this modality, such as MG, that are here now.")
    private String modality;

    @Option(names = "--from", paramLabel = "DAY", description = "Studies of this day or later, such as 2024-01-31.")
    private LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "Studies of this day or earlier.")
    private LocalDate to;

    /** One study, or one patient. */
    static final class Name {
        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "One study: StudyInstanceUID, Orthanc's id of the study, or key id.")
        private String study;

        @Option(names = "--patient", paramLabel = "ID", description = "The patient with this PatientID.")
        private String patient;
    }

    /**
     * What was asked for, if it has no name.
     *
     * @throws StrongroomException REFUSED if it has one as well
     */
    Optional<StudyQuery> query() {
        boolean asked = modality != null || from != null || to != null;
        if (name != null && (asked || tenant != null)) {
            throw StrongroomException.of(FailureKind.REFUSED, "a study or patient is held as a whole, whoever's it is")
                    .cure("Leave --tenant, --modality, --from and --to away");
        }
        return asked
                ? Optional.of(new StudyQuery(
                        Optional.ofNullable(tenant),
                        Optional.ofNullable(modality),
                        Optional.ofNullable(from),
                        Optional.ofNullable(to)))
                : Optional.empty();
    }

    /** @throws StrongroomException REFUSED if it is neither: what restricts is on somebody's images, and no more */
    void requireStudyOrPatient() {
        if (name == null) {
            throw StrongroomException.of(FailureKind.REFUSED, "a restriction is on a study or on a patient")
                    .with("--restrict", true)
                    .cure("Name one: --study or --patient; or leave --restrict away");
        }
    }

    /** What a hold on something with a name says. */
    HoldText text(String owner, String reason) {
        if (name == null) {
            return new HoldText(owner, reason, HoldText.Kind.TENANT, tenant);
        }
        return name.study != null
                ? new HoldText(owner, reason, HoldText.Kind.STUDY, name.study)
                : new HoldText(owner, reason, HoldText.Kind.PATIENT, name.patient);
    }

    /** Ids of its keys, or of the tenant. */
    List<UUID> held(Keyring keyring) throws IOException {
        if (name == null) {
            return keyring.tenantNamed(tenant).stream().toList();
        }
        return name.study != null
                ? keyring.names().ofStudy(name.study)
                : keyring.names().ofPatient(name.patient);
    }
}
