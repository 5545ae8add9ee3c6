package org.strongroom.plugin.offline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.Keyring.TenantKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "status",
        description =
                "What the root key is, the tenants' keys, and what a former root key still opens in which tier, as it"
                        + " is found there now. Exit status 0 only if that is nothing.")
final class KeyStatusCommand implements Callable<Integer> {
    @ParentCommand
    private KeyCommand key;

    @Override
    public Integer call() throws InterruptedException {
        Session session = key.main.session();
        Place place = Place.of(session);
        try {
            place.requireOwner();
            List<TenantKey> tenants;
            try (Keyring keyring = Keyring.read(place.home(), place.source(), key.main.clock)) {
                tenants = keyring.tenantKeys();
            }
            FormerKeys former = FormerKeys.read(place.home().formerKeys());
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("root", place.source().kind());
            json.put(
                    "changed",
                    former.equals(FormerKeys.NONE) ? null : former.changed().toString());
            json.put("tenants", tenants);
            Console console = session.console();
            console.line("Root key  " + place.source().kind() + ", "
                    + (former.equals(FormerKeys.NONE) ? "no change recorded" : "changed " + former.changed()));
            tenants.forEach(one -> console.line("Tenant    " + one.name() + ", key " + one.epoch()));
            return tiers(session, place, former, json);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int tiers(Session session, Place place, FormerKeys former, Map<String, Object> json)
            throws IOException, InterruptedException {
        if (place.settings().tiers().isEmpty()) {
            session.console().object(json);
            return Console.DONE;
        }
        return SidecarAccess.run(session, place, key.main.sleeper, (sidecar, alone) -> {
            boolean clean = true;
            boolean isChanged = !former.equals(FormerKeys.NONE);
            CurrentRoot now = CurrentRoot.of(place.home());
            Map<String, Object> tiers = new LinkedHashMap<>();
            for (String tier : place.settings().tiers().keySet()) {
                clean &= tier(session.console(), sidecar, tier, now, isChanged, tiers);
            }
            json.put("tiers", tiers);
            session.console().object(json);
            return clean ? Console.DONE : Console.NOT_DONE;
        });
    }

    private static boolean tier(
            Console console,
            ControlClient sidecar,
            String tier,
            CurrentRoot now,
            boolean isChanged,
            Map<String, Object> tiers)
            throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        tiers.put(tier, json);
        FormerLook look;
        try {
            look = FormerLook.at(TierContents.of(sidecar), tier, now);
        } catch (StrongroomException e) {
            json.put("asked", false);
            json.put("why", List.of(e.text()));
            console.line("Tier      " + tier + ": nobody can tell, " + e.text());
            return false;
        }
        json.put("asked", true);
        json.put("open", look.open());
        json.put("unread", look.unread());
        json.put("missing", look.missing());
        // Without a change nothing takes the place of anything: what waits to be shipped is not there yet.
        boolean clean = isChanged ? look.isClean() : !look.mayOpen();
        List<String> why = clean ? List.of() : why(sidecar, tier);
        json.put("why", why);
        List<String> left = new ArrayList<>(look.open());
        look.unread().forEach(name -> left.add(name + " (cannot be read)"));
        console.line("Tier      " + tier + ": "
                + (look.mayOpen()
                        ? "a former root key may still open " + String.join(", ", left)
                        : "a former root key opens nothing"));
        if (!clean && !look.missing().isEmpty()) {
            console.line("          nothing there under the root key of now: " + String.join(", ", look.missing()));
        }
        why.forEach(reason -> console.line("          " + reason));
        return clean;
    }

    /** What the sidecar said when it tried to take it away: also until when it is locked. */
    private static List<String> why(ControlClient sidecar, String tier) {
        return sidecar.status().problems().stream()
                .map(Problem::message)
                .filter(message -> message.startsWith("tier " + tier + " still holds "))
                .toList();
    }
}
