package org.strongroom.plugin.offline.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.postgres.PostgresDatabase;
import org.strongroom.plugin.recover.FormerTenants;
import org.strongroom.plugin.recover.IndexPlace;
import org.strongroom.plugin.recover.OrthancVersion;
import org.strongroom.plugin.recover.RecoveryNote;
import org.strongroom.plugin.recover.SnapshotRecovery;
import org.strongroom.plugin.snapshot.Snapshot;

/** Puts the index of the newest snapshot where an Orthanc that does not run yet finds it, if that Orthanc understands it. */
final class RecoveredIndex {
    private final Session session;
    private final Place place;
    private final Clock clock;

    RecoveredIndex(Session session, Place place, Clock clock) {
        this.session = session;
        this.place = place;
        this.clock = clock;
    }

    /**
     * Whether an index can be brought to where Orthanc will look for it, before hours go into anything else.
     *
     * @throws StrongroomException with the cure, if not
     */
    static void check(Session session, RecoveryNote note) throws IOException, InterruptedException {
        Optional<IndexPlace> where = where(session);
        if (where.isPresent()) {
            where.get().isTaken(note);
        }
    }

    private static Optional<IndexPlace> where(Session session) {
        Optional<Path> file = Place.indexFile(session);
        return file.isPresent()
                ? file.map(IndexPlace.File::new)
                : Place.postgres(session).map(PostgresDatabase::new).map(IndexPlace.Database::new);
    }

    /** What is asked once all is there that a snapshot keeps beside the index. */
    @FunctionalInterface
    interface Check {
        /** @throws StrongroomException REFUSED if no Orthanc could start with it */
        void check() throws IOException;
    }

    /**
     * What is known of the recovery then; nothing changes of the index if there is one already, or none that helps. Settings, accounts and
     * what people were told come back in any case.
     *
     * @param tiers which have snapshots
     * @param orthanc that an index would be for; empty if none is installed: then it is for a later call
     * @param check asked before the index is brought, which may take hours
     */
    RecoveryNote bring(RecoveryNote begun, RecoveryTiers tiers, Optional<Path> orthanc, Check check)
            throws IOException, InterruptedException {
        Home home = place.home();
        HomeLock lock = place.takeOverToRecover();
        try (lock;
                Keyring keyring = Keyring.read(home, place.source(), clock)) {
            SnapshotRecovery recovery = new SnapshotRecovery(tiers.all(keyring.installation()), keyring);
            boolean told = Files.exists(home.recoveredSettings());
            if (!told) {
                tellMissingEvents(recovery, home, begun.tier());
            }
            recovery.writeBeside(clock.instant(), home);
            FormerTenants.remember(
                    home, recovery.tenantPlaces(clock.instant(), home), place.settings(), session.console()::note);
            if (!told) {
                tellSettings(session.console(), home);
            }
            // What nobody could read, or is in a tier that is away, may be read by a later call.
            boolean whole = tiers.leftOut(keyring.installation()).isEmpty()
                    && (recovery.newest(clock.instant()).isEmpty() || Files.exists(home.recoveredSettings()));
            RecoveryNote read = whole ? begun.withBeside() : begun;
            read.write(home.recovery());
            check.check();
            return orthanc.isPresent() ? index(read, orthanc.get(), recovery) : read;
        }
    }

    private void tellMissingEvents(SnapshotRecovery recovery, Home home, String tier)
            throws IOException, InterruptedException {
        Optional<AuditEvent> missing = recovery.missingEvents(clock.instant(), home, tier, session.console()::note);
        if (missing.isPresent()) {
            try (AuditTap audit = AuditTap.open(home, clock, RunningTime.system())) {
                audit.record(missing.get());
            }
            session.console()
                    .note("The tier's audit log ends before one that the snapshot knew: events are missing there."
                            + " That is recorded; compare another tier: strongroom audit fetch");
        }
    }

    private RecoveryNote index(RecoveryNote begun, Path orthanc, SnapshotRecovery recovery)
            throws IOException, InterruptedException {
        Optional<IndexPlace> where = where(session);
        if (where.isEmpty()) {
            session.console()
                    .note("Orthanc's index is in a database server that is not PostgreSQL: no snapshot can be brought"
                            + " there, and each image is read and listed anew");
            return begun;
        }
        IndexPlace index = where.get();
        if (index.isTaken(begun)) {
            return begun;
        }
        Home home = place.home();
        RecoveryNote note = index.noted(begun);
        RecoveryNote without = note.listed(null);
        for (SnapshotRecovery.Found found : recovery.found(clock.instant())) {
            Snapshot snapshot = found.snapshot();
            if (!fits(snapshot, index)) {
                continue;
            }
            if (!isUnderstood(snapshot, orthanc)) {
                without.write(home.recovery());
                return without;
            }
            session.console()
                    .note("Snapshot of " + snapshot.time() + ": "
                            + Amounts.count(snapshot.contents().instances(), "image") + " are listed without being"
                            + " read; " + Amounts.bytes(found.bytes()) + " to be read from the tier");
            try {
                RecoveryNote made = note.listed(snapshot.time());
                made.write(home.recovery()); // first: whoever finds the index knows what it is
                index.bring(recovery, snapshot);
                return made;
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                session.console().note("It is damaged: an older one is tried");
            }
        }
        recovery.unopened().ifPresent(this::tellOlderKeys);
        session.console().note("The tier holds no whole snapshot of such an index: each image is read and listed anew");
        without.write(home.recovery());
        return without;
    }

    private void tellOlderKeys(Instant time) {
        session.console()
                .note("The snapshot of " + time
                        + " is whole, and the keys in Home do not open it: they are from before a"
                        + " tenant's key was changed. If the tier was written to since this recovery was begun, end"
                        + " this, see to it that the old machine is off, and begin again with an empty --home");
    }

    private boolean fits(Snapshot snapshot, IndexPlace index) {
        if (snapshot.contents().file(index.file()).isPresent()) {
            return true;
        }
        session.console()
                .note("The snapshot of " + snapshot.time() + " is of an index in another kind of database, and this"
                        + " configuration keeps it in " + index.words() + ": it cannot be used, and without another"
                        + " one each image is read and listed anew, without labels, metadata and attachments of users."
                        + " To have them, end this, name a database of that kind in the configuration, and begin"
                        + " again with an empty --home");
        return false;
    }

    private boolean isUnderstood(Snapshot snapshot, Path orthanc) throws IOException, InterruptedException {
        Optional<OrthancVersion> made = OrthancVersion.in(snapshot.contents().orthanc());
        Optional<OrthancVersion> here = OrthancVersion.of(orthanc);
        if (made.isPresent() && here.isPresent() && here.get().compareTo(made.get()) >= 0) {
            return true;
        }
        session.console()
                .note("The snapshot of " + snapshot.time() + " is of Orthanc "
                        + snapshot.contents().orthanc() + ", and this one ("
                        + here.map(OrthancVersion::toString).orElse("of an unknown version")
                        + ") may not understand its index: each image is read and listed anew, without labels,"
                        + " metadata and attachments of users. To have them, end this, install that Orthanc,"
                        + " and begin again with an empty --home");
        return false;
    }

    private static void tellSettings(Console console, Home home) {
        if (Files.exists(home.recoveredSettings())) {
            console.note("The settings of then are in " + home.recoveredSettings() + ": take over what is still right");
        }
    }
}
