package org.strongroom.plugin.offline.shred;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.erase.Erasure;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "list", description = "The erasures that there ever were, the oldest first.")
final class ShredListCommand implements Callable<Integer> {
    @ParentCommand
    private ShredCommand shred;

    @Override
    public Integer call() {
        Session session = shred.main.session();
        Place place = Place.of(session);
        List<Erasure> all;
        try (Keyring keyring = Keyring.read(place.home(), place.source(), shred.main.clock)) {
            all = ShredOrders.read(place, keyring, shred.main.clock);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
        Console console = session.console();
        console.object(
                Map.of("erasures", all.stream().map(ShredListCommand::json).toList()));
        for (Erasure one : all) {
            console.line(one.id() + "  " + one.since() + "  " + one.state() + ", "
                    + Amounts.count(one.keys().size(), "study key") + ", by "
                    + one.ordered().owner() + ": " + one.ordered().reason());
        }
        if (all.isEmpty()) {
            console.line("Nothing was ever to be erased");
        }
        return Console.DONE;
    }

    static Map<String, Object> json(Erasure erasure) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("erasure", erasure.id());
        json.put("since", erasure.since().toString());
        json.put("state", erasure.state());
        json.put("owner", erasure.ordered().owner());
        json.put("reason", erasure.ordered().reason());
        erasure.approved().ifPresent(text -> json.put("approvedBy", text.owner()));
        erasure.withdrawn().ifPresent(text -> json.put("withdrawnBy", text.owner()));
        json.put("keys", erasure.keys().size());
        return json;
    }
}
