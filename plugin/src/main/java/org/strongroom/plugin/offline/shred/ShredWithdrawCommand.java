package org.strongroom.plugin.offline.shred;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.erase.ErasureText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "withdraw", description = "Take the order of an erasure back, as long as no key is destroyed.")
final class ShredWithdrawCommand implements Callable<Integer> {
    @ParentCommand
    private ShredCommand shred;

    @Parameters(paramLabel = "ERASURE", description = "Its id, as in strongroom shred list.")
    private UUID id;

    @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Who takes it back.")
    private String owner;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Override
    public Integer call() throws InterruptedException {
        Session session = shred.main.session();
        Place place = Place.of(session);
        ErasureText text = new ErasureText(owner, reason);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), shred.main.clock)) {
            ShredOrders.carryOut(ErasureOrder.withdraw(keyring, id, text), session, place, shred.main);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
        session.console().object(Map.of("erasure", id, "withdrawn", true));
        session.console().line("Erasure " + id + " is withdrawn");
        return Console.DONE;
    }
}
