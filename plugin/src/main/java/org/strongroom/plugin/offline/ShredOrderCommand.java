package org.strongroom.plugin.offline;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.erase.ErasureText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.ShredSelection.Selected;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "order",
        description = "Order that something be erased for good. Nothing happens before somebody else approves it.")
final class ShredOrderCommand implements Callable<Integer> {
    @ParentCommand
    private ShredCommand shred;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private ShredSelection selection;

    @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Who orders it.")
    private String owner;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Option(names = "--dry-run", description = "Only say how many keys there are, and whose.")
    private boolean dryRun;

    @Override
    public Integer call() throws InterruptedException {
        Session session = shred.main.session();
        Place place = Place.of(session);
        ErasureText text = new ErasureText(owner, reason);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), shred.main.clock)) {
            OwnedStudies.learn(place, keyring);
            Selected selected = selection.keys(keyring);
            List<UUID> keys = selected.keys();
            String count = Amounts.count(keys.size(), "study key") + " of tenant " + selected.tenant();
            if (dryRun) {
                session.console().object(Map.of("keys", keys.size(), "tenant", selected.tenant()));
                session.console().line(count + " would be destroyed");
                return Console.DONE;
            }
            ErasureRequest order = ErasureOrder.order(keyring, text, keys);
            ShredOrders.carryOut(order, session, place, shred.main);
            session.console()
                    .object(Map.of("erasure", order.erasure(), "keys", keys.size(), "tenant", selected.tenant()));
            session.console()
                    .line("Erasure " + order.erasure() + " of " + count
                            + " is ordered; somebody else has to approve it");
            return Console.DONE;
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }
}
