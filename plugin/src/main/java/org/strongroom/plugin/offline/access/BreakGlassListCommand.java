package org.strongroom.plugin.offline.access;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.emergency.EmergencyLog;
import org.strongroom.plugin.offline.place.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "list",
        description = "Who has opened which patient, and why; names the patients. They are reviewed on the page"
                + " /strongroom/emergency, by somebody who may read the audit log.")
final class BreakGlassListCommand implements Callable<Integer> {
    @ParentCommand
    private BreakGlassCommand command;

    @Option(names = "--all", description = "Also those that somebody has reviewed.")
    private boolean all;

    @Override
    public Integer call() {
        Session session = command.main.session();
        Place place = Place.of(session);
        Console console = session.console();
        try (Keyring keyring = Keyring.read(place.home(), place.source(), command.main.clock)) {
            List<Map<String, String>> json = new ArrayList<>();
            for (Map<String, String> one : EmergencyLog.read(place.home().login(), keyring)) {
                if (all || !one.containsKey("reviewedBy")) {
                    json.add(one);
                    console.line(line(one));
                }
            }
            console.object(Map.of("emergencies", json));
            if (json.isEmpty()) {
                console.line("Nothing waits for a review");
            }
            return Console.DONE;
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private static String line(Map<String, String> one) {
        return one.get("emergency") + "  " + one.get("begun") + " to " + one.get("until") + "  " + one.get("user")
                + " (" + one.get("tenants") + ") opened " + one.get("patientId") + ": " + one.get("reason")
                + (one.containsKey("reviewedBy")
                        ? "  reviewed by " + one.get("reviewedBy") + ": " + one.get("note")
                        : "");
    }
}
