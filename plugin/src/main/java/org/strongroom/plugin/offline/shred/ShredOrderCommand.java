package org.strongroom.plugin.offline.shred;

import java.io.IOException;
import java.util.LinkedHashMap;
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
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.shred.ShredSelection.Selected;
import org.strongroom.plugin.offline.tenant.OwnedStudies;
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
            Map<String, Object> json = new LinkedHashMap<>();
            String staying = "";
            if (selection.isRemovedOnly()) {
                RemovedOnly only = RemovedOnly.of(selected, session.sidecar());
                selected = only.selected();
                json.put("removed", only.removed());
                json.put("staying", only.staying());
                staying = ", with " + Amounts.count(only.removed(), "image") + " that Orthanc has removed; "
                        + Amounts.count(only.staying(), "other file") + (dryRun ? " would get" : " got")
                        + " another key";
                if (!dryRun) {
                    only.move(keyring, text, session.console());
                    only.tell(place, shred.main.clock);
                }
            }
            List<UUID> keys = selected.keys();
            json.put("keys", keys.size());
            json.put("tenant", selected.tenant());
            json.put("more", selected.more());
            if (dryRun) {
                session.console().object(json);
                session.console().line(selected.count() + " would be destroyed" + staying + more(selected));
                return Console.DONE;
            }
            ErasureRequest order = ErasureOrder.order(keyring, text, keys);
            ShredOrders.carryOut(order, session, place, shred.main);
            json.put("erasure", order.erasure());
            session.console().object(json);
            session.console()
                    .line("Erasure " + order.erasure() + " of " + selected.count() + " is ordered" + staying
                            + "; somebody else has to approve it" + more(selected));
            return Console.DONE;
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private static String more(Selected selected) {
        return selected.more() == 0 ? "" : selected.rest() + " when these are destroyed";
    }
}
