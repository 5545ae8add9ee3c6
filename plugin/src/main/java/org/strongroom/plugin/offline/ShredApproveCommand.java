package org.strongroom.plugin.offline;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.erase.ErasureText;
import org.strongroom.plugin.keys.Keyring;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "approve",
        description =
                "Agree to an erasure that somebody else ordered, naming once more what it is about: its keys are destroyed at once,"
                        + " and nobody can take that back. Orthanc must have deleted it before.")
final class ShredApproveCommand implements Callable<Integer> {
    @ParentCommand
    private ShredCommand shred;

    @Parameters(paramLabel = "ERASURE", description = "Its id, as in strongroom shred list.")
    private UUID id;

    @ArgGroup(multiplicity = "1")
    private ShredSelection selection;

    @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Who agrees.")
    private String owner;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Override
    public Integer call() throws InterruptedException {
        Session session = shred.main.session();
        Place place = Place.of(session);
        ErasureText text = new ErasureText(owner, reason);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), shred.main.clock)) {
            List<UUID> keys = selection.keys(keyring);
            ShredOrders.carryOut(ErasureOrder.approve(keyring, id, text, keys), session, place, shred.main);
            session.console().object(Map.of("erasure", id, "destroyed", keys.size()));
            session.console()
                    .line(Amounts.count(keys.size(), "study key")
                            + " destroyed. What is left: strongroom shred certificate " + id);
            return Console.DONE;
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }
}
