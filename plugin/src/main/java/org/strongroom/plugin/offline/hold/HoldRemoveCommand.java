package org.strongroom.plugin.offline.hold;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.hold.HoldEnd;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "remove", description = "End a hold. What it held can be deleted again, unless another hold is on it.")
final class HoldRemoveCommand implements Callable<Integer> {
    @ParentCommand
    private HoldCommand hold;

    @Parameters(paramLabel = "HOLD", description = "Its id, as in strongroom hold list.")
    private UUID id;

    @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Who ends it.")
    private String owner;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Override
    public Integer call() throws InterruptedException {
        Session session = hold.main.session();
        Place place = Place.of(session);
        HoldEnd text = new HoldEnd(owner, reason);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), hold.main.clock)) {
            HoldOrders.carryOut(HoldOrder.end(keyring, id, text), session, place, keyring, hold.main.clock);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
        session.console().object(Map.of("hold", id, "ended", true));
        session.console().line("Hold " + id + " is over");
        return Console.DONE;
    }
}
