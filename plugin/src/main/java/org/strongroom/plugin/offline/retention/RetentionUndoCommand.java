package org.strongroom.plugin.offline.retention;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.erase.Approvers;
import org.strongroom.plugin.erase.Erasure;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.erase.ErasureText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.offline.shred.ShredOrders;
import org.strongroom.plugin.retention.Approval;
import org.strongroom.plugin.retention.Approvals;
import org.strongroom.plugin.retention.Consent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "undo",
        description =
                "Take the approval of a plan back: nothing more is deleted by it. What is erased stays erased; what Orthanc deleted and"
                        + " is not erased comes back with strongroom undelete.")
final class RetentionUndoCommand implements Callable<Integer> {
    @ParentCommand
    private RetentionCommand retention;

    @Parameters(paramLabel = "DIGEST", description = "The plan, as in strongroom retention list.")
    private String digest;

    @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Who takes it back.")
    private String owner;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Override
    public Integer call() throws InterruptedException {
        Session session = retention.main.session();
        Place place = Place.of(session);
        String name = new Approvers(place.settings().retention().approvers()).named(owner);
        Consent consent = new Consent(name, reason, retention.main.clock.instant());
        try (Keyring keyring = Keyring.read(place.home(), place.source(), retention.main.clock)) {
            RetentionDesk desk = RetentionDesk.await(place, retention.main.clock, retention.main.sleeper);
            try (desk) {
                Approvals approvals = Approvals.read(place.home(), keyring);
                Approval approval = approvals.named(digest).orElseThrow(() -> StrongroomException.of(
                                FailureKind.NOT_FOUND, "nobody approved this plan")
                        .cure("Look for it: strongroom retention list"));
                if (approval.undone() == null) { // else it died behind that, and goes on
                    desk.record(RetentionDesk.event(digest, "undo", consent));
                    approvals.undo(approval, consent);
                }
                int withdrawn = withdraw(session, place, keyring, approval, new ErasureText(name, reason));
                session.console().object(Map.of("plan", digest, "undone", true, "withdrawn", withdrawn));
                session.console()
                        .line(
                                "The approval is taken back, and " + Amounts.count(withdrawn, "erasure")
                                        + " that was under way; what Orthanc deleted for it comes back with strongroom undelete");
            }
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
        return Console.DONE;
    }

    /** What a killed command had ordered and not destroyed yet. */
    private int withdraw(Session session, Place place, Keyring keyring, Approval approval, ErasureText text)
            throws IOException, InterruptedException {
        Set<UUID> handed =
                approval.handed().stream().map(Approval.Handed::erasure).collect(Collectors.toSet());
        int withdrawn = 0;
        for (Erasure one : ShredOrders.read(place, keyring, retention.main.clock)) {
            if (handed.contains(one.id())
                    && one.withdrawn().isEmpty()
                    && one.destroyed().isEmpty()) {
                ShredOrders.carryOut(ErasureOrder.withdraw(keyring, one.id(), text), session, place, retention.main);
                withdrawn++;
            }
        }
        return withdrawn;
    }
}
