package org.strongroom.plugin.offline.export;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.tenant.TenantKeys;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is exported. */
final class ExportSelection {
    @ArgGroup
    private Name name;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description = "Only what is this tenant's now; must be said if more than one has something of a study's or"
                    + " patient's name.")
    private String tenant;

    /** What of a tenant, or of all. */
    static final class Name {
        @Option(names = "--all", description = "Everything.")
        private boolean all;

        @Option(names = "--patient", paramLabel = "ID", description = "All studies of the patient with this PatientID.")
        private String patient;

        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "One study: StudyInstanceUID, Orthanc's id of the study, or key id.")
        private String study;
    }

    /**
     * What was found.
     *
     * @param keys none: everything there is, whoever's
     * @param named the same, if it is a study or a patient
     */
    record Selected(List<UUID> keys, Optional<TenantKeys> named) {
        Selected {
            keys = List.copyOf(keys);
        }

        boolean all() {
            return keys.isEmpty();
        }
    }

    private boolean isNamed() {
        return name != null && !name.all;
    }

    /** As the manifest says it: with whose it is, so that what is given away meanwhile is another export. */
    String subject(Selected found) {
        return found.named()
                .filter(one -> tenant == null)
                .map(one -> words() + " of tenant " + one.tenant())
                .orElseGet(this::words);
    }

    /** As it was asked for. */
    String words() {
        if (!isNamed()) {
            return tenant == null ? "all" : "tenant " + tenant;
        }
        String named = name.patient != null ? "patient " + name.patient : "study " + name.study;
        return tenant == null ? named : named + " of tenant " + tenant;
    }

    /**
     * By a keyring that knows what was given to whom.
     *
     * @throws StrongroomException NOT_FOUND if there is nothing of it; REFUSED if it is more than one tenant's
     */
    Selected keys(Keyring keyring) throws IOException {
        if (!isNamed()) {
            return tenant == null ? new Selected(List.of(), Optional.empty()) : ofTenant(keyring);
        }
        List<UUID> keys = name.patient != null
                ? keyring.names().ofPatient(name.patient)
                : keyring.names().ofStudy(name.study);
        return TenantKeys.of(keyring, keys, tenant)
                .map(one -> new Selected(one.keys(), Optional.of(one)))
                .orElseThrow(ExportSelection::nothing);
    }

    private Selected ofTenant(Keyring keyring) throws IOException {
        List<UUID> keys = TenantKeys.all(keyring, tenant).keys();
        if (keys.isEmpty()) {
            throw nothing();
        }
        return new Selected(keys, Optional.empty());
    }

    private static StrongroomException nothing() {
        return StrongroomException.of(FailureKind.NOT_FOUND, "nothing of this was ever sealed here, or it is erased")
                .cure("Name it as Orthanc shows it; what Orthanc stored before Strongroom is in clear in its"
                        + " StorageDirectory, and not exported");
    }
}
