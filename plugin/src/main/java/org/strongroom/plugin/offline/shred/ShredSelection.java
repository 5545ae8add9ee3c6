package org.strongroom.plugin.offline.shred;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.tenant.TenantKeys;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is to be erased: all of a tenant, or something of one, for two may know other people by the same number. */
final class ShredSelection {
    @ArgGroup
    private Name name;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description = "Only what is this tenant's; must be said if more than one has something of that name. Alone:"
                    + " everything that is this tenant's.")
    private String tenant;

    @Option(
            names = "--removed",
            description =
                    "Only what Orthanc has removed of it, one wrong image for example: what it still has gets another"
                            + " key first, and stays. Orthanc must run.")
    private boolean removedOnly;

    /** How people call it. */
    static final class Name {
        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "One study: StudyInstanceUID, Orthanc's id of the study, or key id.")
        private String study;

        @Option(names = "--patient", paramLabel = "ID", description = "All studies of the patient with this PatientID.")
        private String patient;

        private List<UUID> keys(Keyring keyring) throws IOException {
            if ((study != null ? study : patient).isBlank()) {
                throw StrongroomException.of(FailureKind.REFUSED, "the study or patient to be erased has no name")
                        .cure(
                                "Name it as Orthanc showed it; studies without a PatientID are named one by one: --study");
            }
            return study != null
                    ? keyring.names().ofStudy(study)
                    : keyring.names().ofPatient(patient);
        }
    }

    /**
     * What was found.
     *
     * @param keys at least one
     * @param more how many keys of the tenant are left for the next erasure
     */
    record Selected(String tenant, List<UUID> keys, int more) {
        Selected {
            keys = List.copyOf(keys);
        }

        /** As many as an order carries, the oldest; so whoever approves it, and means the same, has the same. */
        static Selected of(TenantKeys all, int most) {
            int some = Math.min(most, all.keys().size());
            return new Selected(
                    all.tenant(), all.keys().subList(0, some), all.keys().size() - some);
        }

        /** In words. */
        String count() {
            return Amounts.count(keys.size(), "study key") + " of tenant " + tenant;
        }

        /** What else there is of the tenant, to go on after what is said of {@link #keys}; nothing if it is all. */
        String rest() {
            return more == 0 ? "" : "; " + more + " more are left for another order";
        }
    }

    /**
     * Whether only what Orthanc has removed of it is meant.
     *
     * @throws StrongroomException REFUSED if everything of a tenant is named
     */
    boolean isRemovedOnly() {
        if (removedOnly && name == null) {
            throw StrongroomException.of(FailureKind.REFUSED, "--removed is of a study or of a patient")
                    .cure("Name it: --study or --patient");
        }
        return removedOnly;
    }

    /**
     * By a keyring that knows what was given to whom.
     *
     * @throws StrongroomException NOT_FOUND if there is no key of it; REFUSED if it has no name, or is more than one tenant's
     */
    Selected keys(Keyring keyring) throws IOException {
        return found(keyring)
                .filter(one -> !one.keys().isEmpty())
                .map(one -> Selected.of(one, ErasureOrder.MOST))
                .orElseThrow(() -> StrongroomException.of(
                                FailureKind.NOT_FOUND, "nothing of this was ever sealed here, or it is erased")
                        .cure("Name it as Orthanc showed it; what Orthanc stored before Strongroom is in clear in its"
                                + " StorageDirectory, and goes when Orthanc deletes it"));
    }

    private Optional<TenantKeys> found(Keyring keyring) throws IOException {
        return name == null
                ? Optional.of(TenantKeys.all(keyring, tenant))
                : TenantKeys.of(keyring, name.keys(keyring), tenant);
    }
}
