package org.strongroom.plugin.offline.shred;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.erase.Erasure;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.erase.ErasureText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.shred.ShredSelection.Selected;
import org.strongroom.plugin.offline.tenant.OwnedStudies;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "approve",
        description =
                "Agree to an erasure that somebody else ordered, naming once more what it is about: its keys are destroyed at once,"
                        + " and nobody can take that back. Orthanc must have deleted it before. Backups of Home and snapshots of"
                        + " Orthanc's index are not part of it.")
final class ShredApproveCommand implements Callable<Integer> {
    @ParentCommand
    private ShredCommand shred;

    @Parameters(paramLabel = "ERASURE", description = "Its id, as in strongroom shred list.")
    private UUID id;

    @ArgGroup(exclusive = false, multiplicity = "1")
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
            OwnedStudies.learn(place, keyring);
            Selected named = selection.keys(keyring);
            Selected selected = selection.isRemovedOnly()
                    ? RemovedOnly.of(named, session.sidecar()).gone(ordered(place, keyring))
                    : named;
            ShredOrders.carryOut(ErasureOrder.approve(keyring, id, text, selected.keys()), session, place, shred.main);
            int destroyed = destroyed(place, keyring);
            session.console().object(json(id, selected, destroyed));
            session.console().line(text(id, selected, destroyed));
            return destroyed == selected.keys().size() ? Console.DONE : Console.NOT_DONE;
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    static Map<String, Object> json(UUID erasure, Selected selected, int destroyed) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("erasure", erasure);
        json.put("tenant", selected.tenant());
        json.put("destroyed", destroyed);
        json.put("more", selected.more());
        return json;
    }

    static String text(UUID erasure, Selected selected, int destroyed) {
        return Amounts.count(destroyed, "study key") + " of tenant " + selected.tenant() + " destroyed"
                + selected.rest() + ". What is left: strongroom shred certificate " + erasure;
    }

    /** By the journal: a hold may have kept back some. */
    private int destroyed(Place place, Keyring keyring) throws IOException {
        return erasures(place, keyring).mapToInt(one -> one.destroyed().size()).sum();
    }

    private Set<UUID> ordered(Place place, Keyring keyring) throws IOException {
        return erasures(place, keyring).flatMap(one -> one.keys().stream()).collect(Collectors.toSet());
    }

    /** The one with this id, if there is one. */
    private Stream<Erasure> erasures(Place place, Keyring keyring) throws IOException {
        return ShredOrders.read(place, keyring, shred.main.clock).stream()
                .filter(one -> one.id().equals(id));
    }
}
