package org.strongroom.plugin.offline.key;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.install.FirstStart;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "init",
        description =
                "Make the keys of a new installation and mark its tiers, as Orthanc's first start does. Where there are keys,"
                        + " only check that the root key opens them. Orthanc must not run; run it as Orthanc's user.")
public final class InitCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Override
    public Integer call() throws InterruptedException {
        Session session = main.session();
        Place place = Place.of(session);
        try {
            HomeLock lock = place.takeOver();
            try (lock) {
                return keys(session, place);
            }
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int keys(Session session, Place place) throws IOException, InterruptedException {
        boolean existed = Keyring.exists(place.home());
        try (Keyring keyring =
                FirstStart.keyring(place.home(), place.source(), Set.of(), place.sidecar(), main.clock)) {
            session.console().object(Map.of("installation", keyring.installation(), "made", !existed));
            session.console()
                    .line((existed ? "The root key opens installation " : "Made installation ")
                            + keyring.installation());
        }
        return Console.DONE;
    }
}
