package org.strongroom.plugin;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.EventTenants;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantPlaces;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.audit.Runs;
import org.strongroom.plugin.erase.Erasures;
import org.strongroom.plugin.gate.AccessControl;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.hold.OneTenant;
import org.strongroom.plugin.install.FirstStart;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.RootChange;
import org.strongroom.plugin.keys.TenantChange;
import org.strongroom.plugin.keys.TenantKeysTold;
import org.strongroom.plugin.storage.Aliases;
import org.strongroom.plugin.supervise.SidecarCommand;

/** The keys and the books of one Home: what all other rooms seal with, look up and write into. */
record KeyRoom(
        Home home,
        Keyring keyring,
        AuditTap audit,
        Journal journal,
        Aliases aliases,
        Holds holds,
        Assignments assignments,
        Erasures erasures) {
    private static final Logger LOG = System.getLogger(KeyRoom.class.getName());

    /**
     * Opens all of them; the settings of this start replace those of the one before, and the audit log has the difference.
     *
     * @param recorded settings as {@link org.strongroom.core.settings.RecordedSettings} has them
     */
    static KeyRoom open(
            Home home, Settings settings, String recorded, SidecarCommand command, Clock clock, OpenRooms rooms)
            throws IOException, InterruptedException {
        TenantPlaces places = TenantPlaces.of(home);
        KeySource source = KeySource.of(settings.rootKey());
        requirePlaces(places, home, settings, source, clock);
        places.write(); // what the settings of this start do not say any more must outlive a start that fails
        Optional<String> before = Runs.recordedSettings(home);
        DurableFiles.replace(home.settings(), settings.toJson().getBytes(StandardCharsets.UTF_8));
        Keyring keyring =
                rooms.opened(FirstStart.keyring(home, source, AccessControl.tenants(settings), command, clock));
        places.with(settings).write();
        AuditTap audit = rooms.opened(AuditTap.open(home, clock, RunningTime.system()));
        audit.complete(new EventTenants(keyring.tenantNames(), keyring.owners()::nameOf, user -> Optional.empty()));
        rooms.opened(Runs.begin(audit, home, before, recorded));
        RootChange.tell(home, audit::record, AuditEvent.STRONGROOM);
        TenantChange.tell(home, keyring, audit::record, AuditEvent.STRONGROOM);
        TenantKeysTold.tell(home, keyring.tenantKeys(), audit::record);
        Aliases aliases = new Aliases();
        Holds holds = new Holds(keyring, clock);
        Assignments assignments = new Assignments(keyring);
        Erasures erasures = new Erasures(keyring, holds, settings.retention().approvers(), clock);
        Journal journal = rooms.opened(Journal.open(
                home.journal(),
                keyring.home(),
                keyring::signJournalHead,
                clock,
                entry -> replay(entry, keyring, aliases, holds, assignments, erasures)));
        OneTenant.tell(settings, holds, keyring);
        keyring.tellTenants(home);
        if (keyring.owners().areOnes() && settings.tenants().size() == 1) { // some day there may be a second one
            Set<String> names = new HashSet<>(keyring.tenantNames());
            names.remove(AccessSettings.QUARANTINE);
            places.with(settings).withOne(settings, names).write();
        }
        holds.complete(journal);
        erasures.complete(journal, audit);
        KeyRoom room = new KeyRoom(home, keyring, audit, journal, aliases, holds, assignments, erasures);
        Files.deleteIfExists(home.unreviewed()); // written again by who knows of emergencies, if anybody does
        Files.deleteIfExists(home.silentDirectory());
        Files.deleteIfExists(home.silentProvider());
        Files.deleteIfExists(home.quarantineTenant()); // as is this, at the end of the start
        if (!settings.controlsAccess() && holds.hasEverKept(AccessSettings.QUARANTINE)) {
            LOG.log(
                    Level.WARNING,
                    "Several tenants were kept apart here, and the settings name neither tenants nor users any more:"
                            + " whoever gets into Orthanc sees what all of them have (docs/access.md)");
        }
        return room;
    }

    /** A tenant that is not in the settings any more is the one that is, if there never were several; so seldom needed that the journal is read for it. */
    private static void requirePlaces(TenantPlaces places, Home home, Settings settings, KeySource source, Clock clock)
            throws IOException {
        try {
            places.require(settings);
        } catch (StrongroomException refused) {
            if (settings.tenants().size() != 1 || !Keyring.exists(home) || !isOne(home, settings, source, clock)) {
                throw refused;
            }
        }
    }

    private static boolean isOne(Home home, Settings settings, KeySource source, Clock clock) throws IOException {
        Installation installation = Installation.read(home.installation()).orElseThrow();
        new RootChange(home, installation).finish(); // as whoever opens the keyring does; the change is told of later
        try (Keyring keyring = Keyring.read(home, source, clock)) {
            Holds holds = new Holds(keyring, clock);
            if (Journal.isBegun(home.journal(), installation)) { // keys come first, and a first start may be broken off
                Journal.read(home.journal(), installation, (entry, chain) -> holds.replay(entry));
            }
            return OneTenant.isOne(settings, holds);
        }
    }

    /**
     * Whether several tenants were ever kept apart here, whatever the settings name now: quarantine's hold, which the journal does not
     * forget, was made by the first start with them.
     */
    boolean wereSeveral(Settings settings) {
        return settings.controlsAccess() && holds.hasEverKept(AccessSettings.QUARANTINE);
    }

    private static void replay(
            JournalEntry entry,
            Keyring keyring,
            Aliases aliases,
            Holds holds,
            Assignments assignments,
            Erasures erasures) {
        holds.replay(entry);
        assignments.replay(entry);
        erasures.replay(entry);
        keyring.replay(entry);
        if (entry.type() == JournalType.ALIAS) {
            aliases.add(entry.id(), entry.sealed());
        } else if (entry.type() == JournalType.MOVED) {
            aliases.move(entry.id(), entry.sealed());
        }
    }

    /**
     * Tells the sidecar which tenant quarantine is, and that none of it may be purged. At the end of a start, which is then remembered as one
     * with several tenants: one that failed was none.
     */
    void markQuarantine(Settings settings) throws IOException {
        if (settings.keepsTenantsApart() || wereSeveral(settings)) {
            UUID quarantine = keyring.tenantNamed(AccessSettings.QUARANTINE).orElseThrow();
            DurableFiles.replace(home.quarantineTenant(), quarantine.toString().getBytes(StandardCharsets.US_ASCII));
            holds.keepOnce(AccessSettings.QUARANTINE, "what nobody has decided about is not purged", journal, audit);
        }
    }
}
