package org.strongroom.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.KitFile;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.audit.Runs;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.FindAnswerer;
import org.strongroom.plugin.bridge.HttpAuthentication;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.MoveAnswerer;
import org.strongroom.plugin.bridge.Orthanc;
import org.strongroom.plugin.bridge.PluginApplication;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.StorageArea;
import org.strongroom.plugin.bridge.StorageCommitment;
import org.strongroom.plugin.erase.Erasures;
import org.strongroom.plugin.gate.AccessControl;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.install.Distribution;
import org.strongroom.plugin.install.FirstStart;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.inventory.IndexListing;
import org.strongroom.plugin.inventory.IndexRemoval;
import org.strongroom.plugin.inventory.IndexWalk;
import org.strongroom.plugin.inventory.OrthancIndex;
import org.strongroom.plugin.inventory.SealedStudies;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.RootChange;
import org.strongroom.plugin.receipt.Commitment;
import org.strongroom.plugin.receipt.OpenedStudies;
import org.strongroom.plugin.receipt.Restore;
import org.strongroom.plugin.receipt.SidecarWork;
import org.strongroom.plugin.recover.RecoveryNote;
import org.strongroom.plugin.snapshot.IndexCopy;
import org.strongroom.plugin.snapshot.SnapshotProcess;
import org.strongroom.plugin.snapshot.SnapshotSchedule;
import org.strongroom.plugin.storage.Aliases;
import org.strongroom.plugin.storage.SealedStorage;
import org.strongroom.plugin.storage.StorageLimits;
import org.strongroom.plugin.storage.WarmUp;
import org.strongroom.plugin.supervise.PatientLink;
import org.strongroom.plugin.supervise.SidecarCommand;
import org.strongroom.plugin.supervise.SidecarLink;
import org.strongroom.plugin.supervise.Supervisor;
import org.strongroom.plugin.takeover.ClearSealing;
import org.strongroom.plugin.takeover.JournaledRemovals;
import org.strongroom.plugin.takeover.KeptInClear;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.watch.Watch;
import org.strongroom.plugin.web.Metrics;
import org.strongroom.plugin.web.StatusRoutes;

/**
 * The plugin: puts the rooms together at Orthanc's start and takes them apart at its end. Whatever cannot be made ready
 * stops Orthanc, so that it never stores clear text.
 */
public final class Strongroom implements PluginApplication {
    private static final Logger LOG = System.getLogger(Strongroom.class.getName());

    /** What was made ready, the last first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private SealedStorage storage;
    private Watch watch;
    private RestHandler rest;
    private StorageCommitment commitment;
    private Optional<AccessControl> access = Optional.empty();

    @Override
    public void start(Orthanc orthanc) {
        try {
            Configuration configuration = Configuration.parse(orthanc.getConfiguration());
            AccessControl.requireApart(configuration, orthanc.getConfiguration());
            configuration.settings().warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
            open(orthanc, configuration);
            orthanc.setDescription(
                    "Seals every study before it touches a disk and ships the ciphertext to other places");
            orthanc.setRootUri("/strongroom/status");
        } catch (IOException e) {
            stop();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Home could not be made ready")
                    .with("reason", e.getClass().getSimpleName())
                    .cure("Look at the disk that holds Strongroom.Home: mount, space, permissions")
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the start was interrupted")
                    .causedBy(e);
        } catch (RuntimeException | Error e) {
            stop();
            throw e;
        }
    }

    private void open(Orthanc orthanc, Configuration configuration) throws IOException, InterruptedException {
        Settings settings = configuration.settings();
        Path clearFiles = orthancFolder(orthanc, configuration.orthanc().storageDirectory());
        AccessControl.requireNothingClear(settings, clearFiles);
        Home home = new Home(settings.home());
        opened(HomeLock.take(home));
        warmUp(home);
        Optional<String> before =
                Files.exists(home.settings()) ? Optional.of(Files.readString(home.settings())) : Optional.empty();
        DurableFiles.replace(home.settings(), settings.toJson().getBytes(StandardCharsets.UTF_8));
        SidecarCommand command = SidecarCommand.of(Distribution.folder(), settings.sidecar());

        KeySource source = KeySource.of(settings.rootKey());
        Clock clock = Clock.systemUTC();
        Keyring keyring = opened(FirstStart.keyring(home, source, AccessControl.tenants(settings), command, clock));
        AuditTap audit = opened(AuditTap.open(home, clock, RunningTime.system()));
        opened(Runs.begin(audit, before, settings.toJson()));
        RootChange.tell(home, audit::record, AuditEvent.STRONGROOM);
        Aliases aliases = new Aliases();
        Holds holds = new Holds(keyring, clock);
        Erasures erasures = new Erasures(keyring, holds, settings.retention().approvers(), clock);
        Journal journal = opened(Journal.open(
                home.journal(),
                keyring.home(),
                keyring::signJournalHead,
                clock,
                entry -> replay(entry, keyring, aliases, holds, erasures)));
        holds.complete(journal);
        erasures.complete(journal);
        Files.deleteIfExists(home.quarantineTenant());
        if (AccessControl.keepsApart(settings)) {
            UUID quarantine = keyring.tenantNamed(AccessSettings.QUARANTINE).orElseThrow();
            DurableFiles.replace(home.quarantineTenant(), quarantine.toString().getBytes(StandardCharsets.US_ASCII));
            holds.keepOnce(AccessSettings.QUARANTINE, "what nobody has decided about is not purged", journal, audit);
        }

        if (settings.controlsAccess()) {
            access = Optional.of(
                    opened(AccessControl.open(configuration, home, keyring, orthanc, audit::record, clock)));
        }

        watch = opened(Watch.begin(
                configuration,
                orthanc.getConfiguration(),
                OrthancApi.of(orthanc),
                keyring,
                audit,
                access.map(AccessControl::filter),
                clock));
        SidecarLink link = new SidecarLink(home);
        OpenedStudies notices = opened(new OpenedStudies(link));
        StorageLimits limits = new StorageLimits(
                settings.spoolMirror(),
                settings.read().coldRequests(configuration.orthanc().httpThreadsCount()),
                settings.read().deadline(),
                settings.cache().reserve(),
                settings.cache().highWater());
        PatientLink patient = new PatientLink(link, RunningTime.system(), Sleeper.SYSTEM);
        storage = opened(new SealedStorage(
                home,
                limits,
                clearFiles,
                keyring,
                journal,
                holds,
                aliases,
                patient,
                audit,
                access.map(AccessControl::arrivals),
                (attachment, key, bytes) -> {
                    if (isImage(attachment)) {
                        watch.read(key, bytes);
                    }
                    notices.add(key);
                }));
        QuarantineKeys quarantine = new QuarantineKeys(storage, keyring, holds, journal, audit);
        access.ifPresent(control -> opened(control.removeStrays(quarantine)));

        if (settings.sidecar().autostart()) {
            opened(new Supervisor(home, link, command));
        }
        opened(new Metrics(() -> link.get().status(), () -> kitProven(home), orthanc::setMetricsValue, clock));
        OrthancIndex index = new OrthancIndex(orthanc);
        Restore.Strays strays = access.<Restore.Strays>map(control ->
                        (attachment, dicom) -> quarantine.isQuarantined(attachment) && control.isStray(dicom))
                .orElse(Restore.Strays.NONE);
        Restore restore = new Restore(
                storage::plain, index::store, journal::tombstone, journal::hasRemoved, aliases::expect, strays);
        commitment = AccessControl.keepsApart(settings)
                // Orthanc does not say who asks, and nobody may learn what another tenant has.
                ? (sopClass, sopInstance) -> StorageCommitment.Answer.PROCESSING_FAILURE
                : new Commitment(
                        index::instances,
                        (files, whole) -> link.get().received(files, whole),
                        RunningTime.system(),
                        Sleeper.SYSTEM);
        IndexWalk walk = new IndexWalk(index);
        IndexListing listing = new IndexListing(walk, storage::isClear);
        IndexRemoval removal = new IndexRemoval(
                walk, aliases::sealed, orthanc::restApiDelete, () -> RecoveryNote.isOfSnapshot(home.recovery()));
        SealedStudies studies = new SealedStudies(walk, aliases::sealed, storage::isClear, orthanc::restApiDelete);
        opened(new SidecarWork(link, keyring, journal, holds, erasures, audit, restore, listing, removal, studies));
        ClearSealing sealing = opened(new ClearSealing(
                storage.clearDesk(),
                storage.traffic(),
                settings.clearFiles().seal() ? Optional.of(walk::run) : Optional.empty(),
                new JournaledRemovals(home, keyring.home(), storage::isClear),
                KeptInClear.open(home.keptInClear(), clock),
                link,
                RunningTime.system()));
        if (configuration.indexInFile()) {
            String folder = configuration
                    .orthanc()
                    .indexDirectory()
                    .orElse(configuration.orthanc().storageDirectory());
            sweepCopies(orthancFolder(orthanc, folder).resolve("index"), home);
        }
        DurableFiles.replace(home.orthancVersion(), orthanc.getOrthancVersion().getBytes(StandardCharsets.US_ASCII));
        if (settings.snapshots().enabled()
                && configuration.indexInFile()
                && !settings.tiers().isEmpty()) {
            SnapshotProcess process =
                    new SnapshotProcess(Distribution.folder(), Path.of(orthanc.getConfigurationPath()));
            opened(SnapshotSchedule.start(home, settings.snapshots(), process, clock, RunningTime.system()));
        }
        RestHandler status = new StatusRoutes(orthanc::restApiGet, keyring, link, sealing::progress);
        rest = access.map(control -> control.before(status)).orElse(status);
    }

    private static void sweepCopies(Path index, Home home) {
        try {
            IndexCopy.sweep(index, home);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A clear copy of the index that a crash left beside it could not be deleted", e);
        }
    }

    /** Orthanc takes a relative folder as one beside its configuration. */
    private static Path orthancFolder(Orthanc orthanc, String folder) {
        Path configuration = Path.of(orthanc.getConfigurationPath()).toAbsolutePath();
        return Files.isDirectory(configuration) ? configuration.resolve(folder) : configuration.resolveSibling(folder);
    }

    /**
     * Beside the rest of the start: the first images would find cold code slow, and waiting for it slower. What the start needed
     * once, 64 MiB for the passphrase above all, goes back to the machine at its end.
     */
    private static void warmUp(Home home) {
        Runnable work = () -> {
            try {
                WarmUp.run(home.run());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            System.gc();
        };
        Thread thread = new Thread(work, "strongroom-warm-up");
        thread.setUncaughtExceptionHandler((warmer, e) -> LOG.log(Level.ERROR, "The warm-up failed", e));
        thread.setDaemon(true);
        thread.start();
    }

    private static Optional<Instant> kitProven(Home home) {
        try {
            return KitFile.read(home.kit()).map(KitFile::proven);
        } catch (IOException | StrongroomException e) {
            return Optional.empty(); // the sidecar tells that it cannot be read
        }
    }

    private static boolean isImage(Attachment attachment) {
        return attachment.contentType() == Attachment.DICOM
                || attachment.contentType() == Attachment.DICOM_UNTIL_PIXEL_DATA;
    }

    private static void replay(JournalEntry entry, Keyring keyring, Aliases aliases, Holds holds, Erasures erasures) {
        holds.replay(entry);
        erasures.replay(entry);
        if (entry.type() == JournalType.KEY_CLOSED) {
            keyring.retire(entry.id());
        } else if (entry.type() == JournalType.ALIAS) {
            aliases.add(entry.id(), entry.sealed());
        }
    }

    private <T extends AutoCloseable> T opened(T room) {
        open.push(room);
        return room;
    }

    @Override
    public StorageArea storageArea() {
        return storage;
    }

    @Override
    public RestHandler rest() {
        return rest;
    }

    @Override
    public StorageCommitment commitment() {
        return commitment;
    }

    @Override
    public Optional<HttpFilter> httpFilter() {
        return Optional.of(watch.filter());
    }

    @Override
    public Optional<HttpAuthentication> httpAuthentication() {
        return access.map(AccessControl::authentication);
    }

    @Override
    public Optional<FindAnswerer> finds() {
        return access.flatMap(AccessControl::finds);
    }

    @Override
    public Optional<MoveAnswerer> moves() {
        return access.flatMap(AccessControl::moves);
    }

    @Override
    public List<String> routes() {
        return access.map(AccessControl::routes).orElse(List.of());
    }

    @Override
    public boolean wantsArrivals() {
        return true;
    }

    @Override
    public void stop() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.log(Level.ERROR, "A part of Strongroom did not stop cleanly", e);
            }
        }
    }
}
