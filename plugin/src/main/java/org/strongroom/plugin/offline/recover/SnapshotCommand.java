package org.strongroom.plugin.offline.recover;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.Users;
import org.strongroom.core.settings.Watermark;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import org.strongroom.plugin.postgres.PostgresDump;
import org.strongroom.plugin.postgres.PostgresPrograms;
import org.strongroom.plugin.snapshot.IndexCopy;
import org.strongroom.plugin.snapshot.KeptBeside;
import org.strongroom.plugin.snapshot.Snapshot;
import org.strongroom.plugin.snapshot.SnapshotContents;
import org.strongroom.plugin.snapshot.SnapshotFolder;
import org.strongroom.plugin.snapshot.SnapshotMaker;
import org.strongroom.plugin.snapshot.SnapshotProcess;
import org.strongroom.plugin.snapshot.SnapshotSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "snapshot",
        description = "The snapshots in Home, the newest last: copies of Orthanc's index (SQLite or PostgreSQL), the"
                + " settings and the accounts, sealed. The sidecar brings the newest one to every tier; strongroom"
                + " recover uses it.")
public final class SnapshotCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Option(names = "--now", description = "Make one. Orthanc may run, and goes on meanwhile.")
    private boolean now;

    @Option(names = "--verify", description = "Open every chunk of the newest one.")
    private boolean verify;

    private boolean keyRefused;

    @Override
    public Integer call() throws InterruptedException {
        Session session = main.session();
        Place place = Place.of(session);
        try {
            place.requireOwner();
            place.installation();
            if (now) {
                return make(session, place);
            }
            return tell(session.console(), place);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int make(Session session, Place place) throws IOException, InterruptedException {
        Home home = place.home();
        DurableFiles.createDirectories(home.snapshots());
        try (FileChannel channel =
                        FileChannel.open(IndexCopy.lock(home), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "another snapshot is being made")
                        .cure("Wait for it to end");
            }
            return makeAlone(session, place);
        }
    }

    private int makeAlone(Session session, Place place) throws IOException, InterruptedException {
        Home home = place.home();
        try {
            SnapshotMaker.Made made = make(session, place, main.clock.instant());
            Files.deleteIfExists(home.snapshotTrouble());
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("snapshot", made.name());
            json.put("bytes", made.bytes());
            json.put("newBytes", made.newBytes());
            session.console().object(json);
            session.console()
                    .line("Snapshot of " + Amounts.bytes(made.bytes()) + " made; " + Amounts.bytes(made.newBytes())
                            + " of it are new and go to each tier");
            return Console.DONE;
        } catch (StrongroomException e) {
            tellTrouble(home, e);
            if (keyRefused) {
                session.console().failed(e);
                return SnapshotProcess.KEY_REFUSED;
            }
            throw e;
        } catch (IOException e) {
            StrongroomException failure = Place.unreadable(e);
            tellTrouble(home, failure);
            throw failure;
        }
    }

    /** Everybody is told of it until a snapshot is made without. */
    private static void tellPause(Home home, Duration paused) throws IOException {
        if (paused.isZero()) {
            Files.deleteIfExists(home.snapshotPause());
            return;
        }
        StrongroomException told = StrongroomException.of(
                        FailureKind.UNAVAILABLE, "nothing was taken in while Orthanc's index was copied for a snapshot")
                .with("milliseconds", paused.toMillis())
                .cure(
                        "Nothing, if modalities bear it; else make snapshots when less arrives, or put the index on a quicker"
                                + " disk");
        DurableFiles.replace(home.snapshotPause(), ControlJson.write(ErrorBody.of(told)));
    }

    private static void tellTrouble(Home home, StrongroomException failure) {
        try {
            DurableFiles.replace(home.snapshotTrouble(), ControlJson.write(ErrorBody.of(failure)));
        } catch (IOException e) {
            failure.addSuppressed(e); // the disk, usually, that the failure is about
        }
    }

    private Keyring keyring(Place place) throws IOException {
        try {
            return Keyring.read(place.home(), place.source(), main.clock);
        } catch (StrongroomException e) {
            keyRefused = e.kind() == FailureKind.REFUSED;
            throw e;
        }
    }

    private SnapshotMaker.Made make(Session session, Place place, Instant begun)
            throws IOException, InterruptedException {
        Home home = place.home();
        Optional<Path> index = Place.indexFile(session);
        Optional<PostgresPrograms> postgres = Place.postgres(session);
        if (index.isEmpty() && postgres.isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "Orthanc's index is in a database server that is not PostgreSQL")
                    .cure("Back it up with that server's own tools; without a snapshot strongroom recover makes a new"
                            + " index of the packs");
        }
        try (Keyring keyring = keyring(place)) {
            long journal = JournalHead.decode(
                            Files.readAllBytes(home.journal().resolve("head")),
                            keyring.home().journalKey())
                    .sequence();
            Sealing sealing = new Sealing(place, keyring, begun, journal, session.console());
            if (index.isEmpty()) {
                tellPause(home, Duration.ZERO);
                PostgresDump dump = new PostgresDump(postgres.orElseThrow());
                return sealing.seal(SnapshotContents.POSTGRES, dump, dump::images);
            }
            try (IndexCopy copy = IndexCopy.of(index.get(), home, place.sidecar())) {
                tellPause(home, copy.paused());
                return sealing.seal(SnapshotContents.INDEX, SnapshotSource.of(copy.file()), copy::instances);
            }
        }
    }

    /** Seals the index and what goes with it. */
    private record Sealing(Place place, Keyring keyring, Instant begun, long journal, Console console) {
        SnapshotMaker.Made seal(String name, SnapshotSource index, LongSupplier instances) throws IOException {
            Home home = place.home();
            Map<String, SnapshotSource> files = new LinkedHashMap<>();
            files.put(name, index);
            Optional<StrongroomException> unread = Optional.empty();
            if (Files.isRegularFile(home.settings())) {
                String handedOver = Files.readString(home.settings());
                Settings settings = Settings.parse(handedOver);
                String written = handedOver;
                try { // with the users of a file beside the configuration, which is in no tier
                    written = Users.written(settings);
                } catch (StrongroomException e) { // Orthanc goes on with those of its start
                    unread = Optional.of(e);
                }
                byte[] text = written.getBytes(StandardCharsets.UTF_8);
                files.put(SnapshotContents.SETTINGS, () -> new ByteArrayInputStream(text));
            }
            putIfThere(files, SnapshotContents.TENANT_PLACES, home.tenantPlaces());
            for (KeptBeside kept : KeptBeside.values()) {
                putIfThere(files, kept.file(), kept.in(home));
            }
            putIfThere(files, SnapshotContents.CHECKPOINT, home.audit().resolve("checkpoint"));
            int keep = place.settings().snapshots().keep();
            Watermark reserve = place.settings().cache().reserve();
            SnapshotMaker.Made made = new SnapshotMaker(new SnapshotFolder(home), keyring, reserve)
                    .make(begun, version(home), journal, instances, files, keep);
            tellUsers(home, unread);
            return made;
        }

        /** Of the last snapshot, once there is one. */
        private void tellUsers(Home home, Optional<StrongroomException> unread) throws IOException {
            if (unread.isEmpty()) {
                Files.deleteIfExists(home.snapshotUsers());
                return;
            }
            StrongroomException e = unread.get();
            StrongroomException told = StrongroomException.of(
                            e.kind(),
                            "the last snapshot has none of the users of Strongroom.Access.UsersFile: the file could"
                                    + " not be read")
                    .with("reason", e.text())
                    .cure("Correct the file, or let the user that runs Orthanc read it; then make a snapshot:"
                            + " strongroom snapshot --now");
            DurableFiles.replace(home.snapshotUsers(), ControlJson.write(ErrorBody.of(told)));
            console.note("Without the users of Strongroom.Access.UsersFile, which cannot be read: " + e.getMessage());
        }
    }

    private static String version(Home home) throws IOException {
        try {
            return Files.readString(home.orthancVersion()).strip();
        } catch (NoSuchFileException e) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "nobody knows which Orthanc made the index")
                    .cure("Start Orthanc with Strongroom once")
                    .causedBy(e);
        }
    }

    private static void putIfThere(Map<String, SnapshotSource> files, String name, Path file) {
        if (Files.isRegularFile(file)) {
            files.put(name, SnapshotSource.of(file));
        }
    }

    private int tell(Console console, Place place) throws IOException, InterruptedException {
        SnapshotFolder folder = new SnapshotFolder(place.home());
        List<Map<String, Object>> all = new ArrayList<>();
        try (Keyring keyring = Keyring.read(place.home(), place.source(), main.clock)) {
            Snapshot newest = null;
            for (String name : folder.names()) {
                newest = Snapshot.open(keyring, name, folder.read(name));
                all.add(json(name, newest));
                SnapshotContents contents = newest.contents();
                console.line(newest.time() + "  " + Amounts.count(contents.instances(), "image") + ", "
                        + Amounts.bytes(bytes(contents)) + ", Orthanc " + contents.orthanc());
            }
            if (newest == null) {
                console.line("There is no snapshot yet. Make one: strongroom snapshot --now");
            } else if (verify) {
                for (SnapshotContents.Entry file : newest.contents().files()) {
                    newest.verify(file, folder::chunks);
                }
                console.line("The newest one opens, all of it");
            }
            console.object(Map.of("snapshots", all, "verified", verify && newest != null));
            return verify && newest == null ? Console.NOT_DONE : Console.DONE;
        }
    }

    private static Map<String, Object> json(String name, Snapshot snapshot) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("snapshot", name);
        json.put("time", snapshot.time().toString());
        json.put("orthanc", snapshot.contents().orthanc());
        json.put("instances", snapshot.contents().instances());
        json.put("bytes", bytes(snapshot.contents()));
        return json;
    }

    private static long bytes(SnapshotContents contents) {
        return contents.files().stream()
                .mapToLong(SnapshotContents.Entry::bytes)
                .sum();
    }
}
