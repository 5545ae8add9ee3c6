package org.strongroom.plugin.offline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is to be erased: of one tenant, for two may know other people by the same number. */
final class ShredSelection {
    @ArgGroup(multiplicity = "1")
    private Name name;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description = "Only what is this tenant's; must be said if more than one has something of that name.")
    private String tenant;

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
            return study != null ? keyring.studyKeys(study) : keyring.patientKeys(patient);
        }
    }

    /** Keys, at least one, and whose they are. */
    record Selected(String tenant, List<UUID> keys) {
        Selected {
            keys = List.copyOf(keys);
        }
    }

    /** @throws StrongroomException NOT_FOUND if there is no key of it; REFUSED if it has no name, or is more than one tenant's */
    Selected keys(Keyring keyring) throws IOException {
        Map<String, List<UUID>> byTenant = new TreeMap<>();
        for (UUID key : name.keys(keyring)) {
            Optional<String> owner = keyring.tenantOf(key)
                    .map(tenant -> keyring.owner(key, tenant))
                    .flatMap(keyring::tenantName);
            if (owner.isPresent() && (tenant == null || tenant.equals(owner.get()))) {
                byTenant.computeIfAbsent(owner.get(), any -> new ArrayList<>()).add(key);
            }
        }
        if (byTenant.isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "nothing of this was ever sealed here, or it is erased")
                    .cure("Name it as Orthanc showed it; what Orthanc stored before Strongroom is in clear in its"
                            + " StorageDirectory, and goes when Orthanc deletes it");
        }
        if (byTenant.size() > 1) {
            throw StrongroomException.of(FailureKind.REFUSED, "more than one tenant has something of this name")
                    .with("keys", counts(byTenant))
                    .cure("Say whose is meant: --tenant NAME");
        }
        Map.Entry<String, List<UUID>> one = byTenant.entrySet().iterator().next();
        return new Selected(one.getKey(), one.getValue());
    }

    private static String counts(Map<String, List<UUID>> byTenant) {
        return byTenant.entrySet().stream()
                .map(one -> one.getKey() + " " + one.getValue().size())
                .collect(Collectors.joining(", "));
    }
}
