package org.strongroom.plugin.offline.key;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.RootChange;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.SidecarAccess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "rotate",
        description =
                "With --root, put the root key that the settings name in the place of the former one: no image is touched,"
                        + " and the former one opens nothing any more. Copy the configuration, change Strongroom.RootKey in"
                        + " it, stop Orthanc, run this as Orthanc's user with --former COPY, start Orthanc. With --tenant,"
                        + " put a new key in the place of a tenant's, and wrap the keys of all of its studies anew. Stop"
                        + " Orthanc, run this as Orthanc's user, start Orthanc. Interrupted, run it again.")
final class KeyRotateCommand implements Callable<Integer> {
    @ParentCommand
    private KeyCommand key;

    @Option(names = "--root", description = "The root key.")
    private boolean root;

    @Option(names = "--tenant", paramLabel = "NAME", description = "The key of this tenant (the first one is clinic).")
    private Optional<String> tenant = Optional.empty();

    @Option(
            names = "--former",
            paramLabel = "FILE",
            description =
                    "The configuration as it was, file or folder: only its Strongroom.RootKey is read. Without it a"
                            + " token or a key service gives another root key, with the settings as they are.")
    private Optional<Path> former = Optional.empty();

    @Option(names = "--dry-run", description = "Open and wrap everything once, and leave it as it is.")
    private boolean dryRun;

    @Override
    public Integer call() throws InterruptedException {
        if (root == tenant.isPresent()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            root ? "two keys are to be changed at once" : "nothing is named that should be changed")
                    .cure("Name one of them: --root, or --tenant NAME");
        }
        if (tenant.isPresent() && former.isPresent()) {
            throw StrongroomException.of(FailureKind.REFUSED, "a tenant's key has no source of its own")
                    .cure("Leave --former away: it belongs to --root");
        }
        Session session = key.main.session();
        Place place = Place.of(session);
        try {
            place.requireOwner();
            if (PluginLock.isHeld(place.home())) {
                throw StrongroomException.of(FailureKind.REFUSED, "Orthanc runs, or another command")
                        .with("Strongroom.Home", place.home().root())
                        .cure("Stop Orthanc first: its keys must not change while it uses them. It takes seconds");
            }
            SidecarAccess.awaitNone(session, place, key.main.sleeper);
            HomeLock lock = HomeLock.take(place.home());
            try (lock) {
                if (tenant.isPresent()) {
                    TenantRotation rotation = new TenantRotation(session.console(), place, key.main.clock);
                    return dryRun ? rotation.rehearse(tenant.get()) : rotation.rotate(tenant.get());
                }
                return rotate(session, place, new RootChange(place.home(), place.installation()));
            }
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int rotate(Session session, Place place, RootChange change) throws IOException {
        Console console = session.console();
        KeySource to = place.source();
        KeySource from = former.map(file -> KeySource.of(Configuration.load(file, session.environment())
                        .settings()
                        .rootKey()))
                .orElse(to);
        boolean finished = change.finish();
        if (finished) {
            try (AuditTap audit = audit(place)) {
                RootChange.tell(place.home(), audit::record, AuditEvent.COMMAND_LINE);
            }
            console.note("A change that was interrupted is finished");
        }
        if ((former.isPresent() || finished) && change.isOpenedBy(to)) {
            return before(console, place, change, from, finished);
        }
        String kind = change.kind();
        console.note("Asking both sources, and wrapping the tenants' keys anew beside the old ones …");
        Instant now = key.main.clock.instant();
        int tenants = change.prepare(from, to, now);
        if (dryRun) {
            change.discard();
            tell(console, kind, to.kind(), tenants, now, false);
            console.line("All of it would be done: from " + kind + " to " + to.kind() + ", the keys of "
                    + Amounts.count(tenants, "tenant") + ". Nothing has changed");
            return Console.DONE;
        }
        try (AuditTap audit = audit(place)) {
            change.decide(audit::record, AuditEvent.COMMAND_LINE);
            RootChange.tell(place.home(), audit::record, AuditEvent.COMMAND_LINE);
        }
        tell(console, kind, to.kind(), tenants, now, true);
        console.line("The root key is changed from " + kind + " to " + to.kind() + "; the keys of "
                + Amounts.count(tenants, "tenant")
                + " are wrapped anew. Start Orthanc: its sidecar takes from every tier what the former one"
                + " opens, and strongroom key status says what is left. Then destroy the former one; backups"
                + " of Home from before still open with it.");
        return Console.DONE;
    }

    /** The new source opens everything already: it was done before, or the settings were not changed. */
    private int before(Console console, Place place, RootChange change, KeySource from, boolean finished)
            throws IOException {
        FormerKeys known = FormerKeys.read(place.home().formerKeys());
        if (!finished && (known.equals(FormerKeys.NONE) || opens(change, from))) {
            throw StrongroomException.of(FailureKind.REFUSED, "the settings name the root key that there is")
                    .with("kind", change.kind())
                    .cure("Name the new source in Strongroom.RootKey of the configuration that --config names;"
                            + " --former is a copy of it as it was before");
        }
        tell(console, change.kind(), change.kind(), 0, known.changed(), finished);
        console.line("The root key of the settings is in its place since " + known.changed()
                + ", and the former one opens nothing in Home");
        return Console.DONE;
    }

    /** A former source may be gone by now. */
    private static boolean opens(RootChange change, KeySource from) throws IOException {
        try {
            return change.isOpenedBy(from);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                return false;
            }
            throw e;
        }
    }

    private AuditTap audit(Place place) throws IOException {
        return AuditTap.open(place.home(), key.main.clock, RunningTime.system());
    }

    private void tell(Console console, String from, String to, int tenants, Instant at, boolean rotated) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rotated", rotated);
        json.put("dryRun", dryRun);
        json.put("from", from);
        json.put("to", to);
        json.put("tenants", tenants);
        json.put("at", at.toString());
        console.object(json);
    }
}
