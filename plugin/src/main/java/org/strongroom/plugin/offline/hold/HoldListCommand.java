package org.strongroom.plugin.offline.hold;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.hold.Hold;
import org.strongroom.plugin.hold.HoldText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "list", description = "The holds that are not over, the oldest first.")
final class HoldListCommand implements Callable<Integer> {
    @ParentCommand
    private HoldCommand hold;

    @Override
    public Integer call() {
        Session session = hold.main.session();
        Place place = Place.of(session);
        List<Hold> open;
        try (Keyring keyring = Keyring.read(place.home(), place.source(), hold.main.clock)) {
            open = HoldOrders.read(place, keyring, hold.main.clock).open();
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
        Console console = session.console();
        console.object(Map.of("holds", open.stream().map(HoldListCommand::json).toList()));
        for (Hold one : open) {
            HoldText text = one.text();
            console.line(one.id() + "  " + one.since() + "  " + text.kind().word() + " " + text.name() + ", by "
                    + text.owner() + ": " + text.reason() + " (" + held(one)
                    + (text.restricts() ? ", shown to nobody" : "") + ")");
        }
        if (open.isEmpty()) {
            console.line("Nothing is held");
        }
        return Console.DONE;
    }

    private static String held(Hold hold) {
        return hold.text().kind() == HoldText.Kind.TENANT
                ? "the whole tenant"
                : Amounts.count(hold.held().size(), "study key");
    }

    private static Map<String, Object> json(Hold hold) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hold", hold.id());
        json.put("since", hold.since().toString());
        json.put("kind", hold.text().kind());
        json.put("name", hold.text().name());
        json.put("owner", hold.text().owner());
        json.put("reason", hold.text().reason());
        json.put("keys", hold.held().size());
        json.put("restricts", hold.text().restricts());
        return json;
    }
}
