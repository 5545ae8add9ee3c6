package org.strongroom.plugin.offline;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.hold.HoldText;
import org.strongroom.plugin.keys.Keyring;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "add",
        description =
                "Forbid deleting a study, all studies of a patient (also those that come later), or all of a tenant. What"
                        + " Orthanc removed and nothing has purged yet is held as well. Orthanc may run or not.")
final class HoldAddCommand implements Callable<Integer> {
    @ParentCommand
    private HoldCommand hold;

    @ArgGroup(multiplicity = "1")
    private Selection selection;

    /** What is held. */
    static final class Selection {
        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "One study: StudyInstanceUID, Orthanc's id of the study, or key id.")
        private String study;

        @Option(names = "--patient", paramLabel = "ID", description = "The patient with this PatientID.")
        private String patient;

        @Option(names = "--tenant", paramLabel = "NAME", description = "Everything that is this tenant's.")
        private String tenant;

        private HoldText text(String owner, String reason) {
            return study != null
                    ? new HoldText(owner, reason, HoldText.Kind.STUDY, study)
                    : patient != null
                            ? new HoldText(owner, reason, HoldText.Kind.PATIENT, patient)
                            : new HoldText(owner, reason, HoldText.Kind.TENANT, tenant);
        }

        private List<UUID> held(Keyring keyring) throws IOException {
            return study != null
                    ? keyring.studyKeys(study)
                    : patient != null
                            ? keyring.patientKeys(patient)
                            : keyring.tenantNamed(tenant).stream().toList();
        }
    }

    @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Who wants it.")
    private String owner;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Override
    public Integer call() throws InterruptedException {
        Session session = hold.main.session();
        Place place = Place.of(session);
        HoldText text = selection.text(owner, reason);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), hold.main.clock)) {
            List<UUID> held = selection.held(keyring);
            if (held.isEmpty()) {
                throw StrongroomException.of(FailureKind.NOT_FOUND, "nothing of this was ever sealed here")
                        .cure("Name it as Orthanc shows it; what Orthanc stored before Strongroom is in clear in its"
                                + " StorageDirectory, and nothing holds it");
            }
            HoldOrder order = HoldOrder.add(keyring, text, held);
            HoldOrders.carryOut(order, session, place, keyring, hold.main.clock);
            session.console().object(Map.of("hold", order.hold(), "keys", held.size()));
            session.console()
                    .line("Hold " + order.hold() + " on "
                            + (text.kind() == HoldText.Kind.TENANT
                                    ? "a tenant"
                                    : Amounts.count(held.size(), "study key")));
            return Console.DONE;
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }
}
