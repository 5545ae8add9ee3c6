package org.strongroom.plugin.offline.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.postgres.DumpReading;
import org.strongroom.plugin.postgres.PostgresPrograms;
import org.strongroom.plugin.recover.DrillScratch;
import org.strongroom.plugin.recover.ListingOrthanc;
import org.strongroom.plugin.recover.OrthancVersion;
import org.strongroom.plugin.recover.SnapshotRecovery;
import org.strongroom.plugin.snapshot.IndexCopy;
import org.strongroom.plugin.snapshot.Snapshot;
import org.strongroom.plugin.snapshot.SnapshotContents;
import org.strongroom.plugin.supervise.SidecarCommand;

/** Brings the newest snapshot of a tier back into a scratch place, and has SQLite check and Orthanc open its index. For one thread. */
final class DrillIndex {
    private static final String WHERE = "snapshots/";

    private final DrillScratch scratch;
    private final SidecarCommand sidecar;
    private final PostgresPrograms postgres;
    private final Optional<Path> orthanc;
    private final Path log;
    private final Watermark reserve;
    private final RunningTime time;
    private final Sleeper sleeper;
    private final List<Fault> faults;
    private final Consumer<String> progress;

    /**
     * @param postgres what reads an index of PostgreSQL
     * @param orthanc its program
     * @param log of that Orthanc
     * @param reserve of the scratch place's disk, that nothing is written into
     * @param faults to which what is found is added
     */
    DrillIndex(
            DrillScratch scratch,
            SidecarCommand sidecar,
            PostgresPrograms postgres,
            Optional<Path> orthanc,
            Path log,
            Watermark reserve,
            RunningTime time,
            Sleeper sleeper,
            List<Fault> faults,
            Consumer<String> progress) {
        this.scratch = scratch;
        this.sidecar = sidecar;
        this.postgres = postgres;
        this.orthanc = orthanc;
        this.log = log;
        this.reserve = reserve;
        this.time = time;
        this.sleeper = sleeper;
        this.faults = faults;
        this.progress = progress;
    }

    /**
     * What came back.
     *
     * @param snapshot when it was begun
     * @param journal up to which entry of the journal it knows
     * @param images that it lists
     * @param read how long reading and writing it took
     * @param listed what Orthanc listed; empty if none did
     * @param opened how long that took it
     * @param untried what was not tried of it, and why; empty if all was
     */
    record Found(
            Instant snapshot,
            long journal,
            long images,
            String orthanc,
            Duration read,
            Optional<ListingOrthanc.Listed> listed,
            Duration opened,
            Optional<String> untried) {}

    /**
     * Tries the newest, and older ones where that is damaged.
     *
     * @param expected whether there ought to be one
     * @return empty if none is whole
     */
    Optional<Found> run(SnapshotRecovery recovery, Keyring keyring, Instant now, boolean expected)
            throws IOException, InterruptedException {
        Optional<Instant> newest = recovery.newest(now);
        List<SnapshotRecovery.Found> whole = recovery.found(now);
        if (newest.isEmpty() && expected) {
            fault(FailureKind.NOT_FOUND, "the tier holds no snapshot of Orthanc's index");
        } else if (newest.isPresent()
                && whole.stream().noneMatch(one -> one.snapshot().time().equals(newest.get()))) {
            fault(FailureKind.CORRUPT, "the newest snapshot of Orthanc's index is damaged, or lacks a part");
        }
        for (SnapshotRecovery.Found found : whole) {
            Optional<Found> opened = open(recovery, found);
            if (opened.isPresent()) {
                return opened;
            }
        }
        return Optional.empty();
    }

    private Optional<Found> open(SnapshotRecovery recovery, SnapshotRecovery.Found found)
            throws IOException, InterruptedException {
        Snapshot snapshot = found.snapshot();
        SnapshotContents contents = snapshot.contents();
        Optional<SnapshotContents.Entry> dump = contents.file(SnapshotContents.POSTGRES);
        if (dump.isPresent()) {
            return read(recovery, found, dump.get());
        }
        Optional<SnapshotContents.Entry> index = contents.file(SnapshotContents.INDEX);
        if (index.isEmpty()) {
            fault(FailureKind.CORRUPT, "a snapshot without an index");
            return Optional.empty();
        }
        requireRoom(index.get().bytes());
        Duration begun = time.now();
        progress.accept("index, " + Amounts.bytes(found.bytes()));
        try {
            recovery.verifyBeside(snapshot);
            checkUsers(recovery, snapshot);
            recovery.writeIndex(snapshot, scratch.index());
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            fault(e.kind(), "the snapshot of " + snapshot.time() + " is damaged");
            return Optional.empty();
        }
        Duration read = time.now().minus(begun);
        check(contents.instances());
        Duration asked = time.now();
        Optional<ListingOrthanc.Listed> listed = list(contents);
        return Optional.of(new Found(
                snapshot.time(),
                contents.journal(),
                contents.instances(),
                contents.orthanc(),
                read,
                listed,
                time.now().minus(asked),
                Optional.empty()));
    }

    /** Of an index in PostgreSQL: beside the living one no database is made, so no Orthanc opens it. */
    private Optional<Found> read(SnapshotRecovery recovery, SnapshotRecovery.Found found, SnapshotContents.Entry dump)
            throws IOException, InterruptedException {
        Snapshot snapshot = found.snapshot();
        SnapshotContents contents = snapshot.contents();
        Duration begun = time.now();
        progress.accept("index, " + Amounts.bytes(found.bytes()));
        String untried = "of PostgreSQL, read to its end by pg_restore; no database was made of it";
        try {
            recovery.verifyBeside(snapshot);
            checkUsers(recovery, snapshot);
            if (!postgres.canRead()) {
                untried = "of PostgreSQL, and pg_restore is not installed here: only its bytes were compared";
                snapshot.verify(dump, recovery::chunks);
            } else if (images(recovery, snapshot, dump) != contents.instances()) {
                fault(FailureKind.CORRUPT, "the index of the snapshot lists another number of images than it says");
            }
        } catch (StrongroomException e) {
            fault(e.kind(), "the snapshot of " + snapshot.time() + " could not be read: " + e.text());
            return Optional.empty();
        }
        return Optional.of(new Found(
                snapshot.time(),
                contents.journal(),
                contents.instances(),
                contents.orthanc(),
                time.now().minus(begun),
                Optional.empty(),
                Duration.ZERO,
                Optional.of(untried)));
    }

    private long images(SnapshotRecovery recovery, Snapshot snapshot, SnapshotContents.Entry dump)
            throws IOException, InterruptedException {
        try (DumpReading reading = new DumpReading(postgres)) {
            snapshot.stream(dump, recovery::chunks, piece -> reading.piece(piece, 0, piece.length));
            return reading.end();
        }
    }

    /** Where the settings of a snapshot still name a file of users, theirs are not among them. */
    private void checkUsers(SnapshotRecovery recovery, Snapshot snapshot) throws IOException, InterruptedException {
        Optional<SnapshotContents.Entry> settings = snapshot.contents().file(SnapshotContents.SETTINGS);
        if (settings.isPresent()) {
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            snapshot.stream(settings.get(), recovery::chunks, json::writeBytes);
            if (new ObjectMapper()
                    .readTree(json.toByteArray())
                    .at("/" + Settings.SECTION + "/Access/UsersFile")
                    .isTextual()) {
                fault(
                        FailureKind.NOT_FOUND,
                        "the snapshot of " + snapshot.time() + " has none of the users of Strongroom.Access.UsersFile:"
                                + " the file could not be read when it was made, or had none");
            }
        }
    }

    /** For the index, and a copy of it that is checked. */
    private void requireRoom(long index) throws IOException {
        DiskSpace disk = DiskSpace.of(scratch.folder());
        if (disk.usable() - 2 * index < reserve.of(disk.total())) {
            throw StrongroomException.of(FailureKind.FULL, "no room for the index, twice, in the scratch place")
                    .with("folder", scratch.folder())
                    .with("usable", disk.usable())
                    .with("bytes", 2 * index)
                    .cure("Make room, or name another place: --to DIR");
        }
    }

    private void check(long images) throws IOException, InterruptedException {
        progress.accept("SQLite checks the index");
        Home home = scratch.home();
        DurableFiles.createDirectories(home.root());
        try (IndexCopy copy = IndexCopy.of(scratch.index(), home, sidecar)) {
            if (copy.instances() != images) {
                fault(FailureKind.CORRUPT, "the index of the snapshot lists another number of images than it says");
            }
        } catch (StrongroomException e) {
            boolean damaged = e.kind() != FailureKind.UNAVAILABLE && e.kind() != FailureKind.FULL;
            fault(
                    damaged ? FailureKind.CORRUPT : e.kind(),
                    damaged
                            ? "SQLite does not find the index of the snapshot whole"
                            : "the index of the snapshot could not be checked: " + e.text());
        }
    }

    private Optional<ListingOrthanc.Listed> list(SnapshotContents contents) throws IOException, InterruptedException {
        progress.accept("Orthanc opens the index");
        if (orthanc.isEmpty() || !Files.isExecutable(orthanc.get())) {
            fault(FailureKind.NOT_FOUND, "there is no Orthanc here to open the index");
            return Optional.empty();
        }
        Optional<OrthancVersion> made = OrthancVersion.in(contents.orthanc());
        Optional<OrthancVersion> here = OrthancVersion.of(orthanc.get());
        if (made.isEmpty() || here.isEmpty() || here.get().compareTo(made.get()) < 0) {
            fault(
                    FailureKind.REFUSED,
                    "the Orthanc here (" + here.map(OrthancVersion::toString).orElse("of an unknown version")
                            + ") may not understand the index of Orthanc " + contents.orthanc());
            return Optional.empty();
        }
        try {
            ListingOrthanc.Listed listed = ListingOrthanc.run(orthanc.get(), scratch.index(), log, sleeper);
            if (listed.instances() != contents.instances()) {
                fault(FailureKind.CORRUPT, "Orthanc lists another number of images than the snapshot says");
            }
            return Optional.of(listed);
        } catch (StrongroomException e) {
            fault(e.kind(), e.text());
            return Optional.empty();
        }
    }

    private void fault(FailureKind kind, String text) {
        faults.add(new Fault(WHERE, null, kind, text));
    }
}
