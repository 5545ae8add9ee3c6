package org.strongroom.plugin.offline.key;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.plugin.keys.FormerTenantKey;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.TenantKey;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.offline.tier.TierContents;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "status",
        description =
                "What the root key is, the tenants' keys, and what a former key still opens, here and in which tier,"
                        + " as it is found there now. Exit status 0 only if that is nothing.")
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
            List<FormerTenantKey> formerTenants;
            try (Keyring keyring = Keyring.read(place.home(), place.source(), key.main.clock)) {
                tenants = keyring.tenantKeys();
                formerTenants = keyring.formerTenantKeys();
            }
            FormerKeys former = FormerKeys.read(place.home().formerKeys());
            FormerKeys changed = FormerKeys.read(place.home().formerTenantKeys());
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("root", place.source().kind());
            json.put(
                    "changed",
                    former.equals(FormerKeys.NONE) ? null : former.changed().toString());
            json.put("tenants", tenants);
            json.put(
                    "tenantsChanged",
                    changed.equals(FormerKeys.NONE) ? null : changed.changed().toString());
            json.put("formerTenants", formerTenants);
            Console console = session.console();
            console.line("Root key  " + place.source().kind() + ", "
                    + (former.equals(FormerKeys.NONE) ? "no change recorded" : "changed " + former.changed()));
            for (TenantKey one : tenants) {
                console.line("Tenant    " + one.name() + ", key " + one.epoch());
                formerTenants.stream()
                        .filter(gone -> gone.key().tenant().equals(one.tenant()))
                        .forEach(gone -> console.line("          " + stays(gone)));
            }
            boolean isCut = hasCutOff(place.home());
            boolean isLeft = formerTenants.stream().anyMatch(one -> one.records() > 0 || !one.states() || isCut);
            json.put("cutOff", isCut);
            if (isCut && !formerTenants.isEmpty()) {
                console.line(
                        "          what was cut off in keyring/records (*.cut) may be a record under a former key");
            }
            int status = tiers(session, place, FormerKeys.latest(place.home()), json);
            return isLeft ? Console.NOT_DONE : status;
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private static boolean hasCutOff(Home home) throws IOException {
        try (Stream<Path> records = Files.list(home.keyring().resolve("records"))) {
            return records.anyMatch(file -> file.toString().endsWith(".cut"));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String stays(FormerTenantKey former) {
        return "key " + former.key().epoch() + " is still here, and opens "
                + (former.records() > 0
                        ? Amounts.count(former.records(), "record") + " of the keyring"
                        : "no study's key")
                + (former.states()
                        ? "; and texts of holds, erasures and assignments in the journal, and snapshots, of before"
                        : former.records() > 0 ? "" : "; perhaps what was cut off in keyring/records");
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
                        ? "a former key may still open " + String.join(", ", left)
                        : "a former key opens no study's key; snapshots and texts in the journal are not looked at"));
        if (!clean && !look.missing().isEmpty()) {
            console.line("          nothing there under the keys of now: " + String.join(", ", look.missing()));
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
