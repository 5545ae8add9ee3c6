package org.strongroom.plugin;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.RecordedSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.bridge.AuditLogs;
import org.strongroom.plugin.bridge.BridgeLimits;
import org.strongroom.plugin.bridge.FindAnswerer;
import org.strongroom.plugin.bridge.HttpAuthentication;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.JobEnds;
import org.strongroom.plugin.bridge.MoveAnswerer;
import org.strongroom.plugin.bridge.Orthanc;
import org.strongroom.plugin.bridge.PluginApplication;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.StorageArea;
import org.strongroom.plugin.bridge.StorageCommitment;
import org.strongroom.plugin.gate.AccessControl;
import org.strongroom.plugin.gate.Dimse;
import org.strongroom.plugin.install.Distribution;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.inventory.IndexWalk;
import org.strongroom.plugin.inventory.OrthancIndex;
import org.strongroom.plugin.storage.WarmUp;
import org.strongroom.plugin.supervise.SidecarCommand;
import org.strongroom.plugin.supervise.SidecarLink;
import org.strongroom.plugin.takeover.ClearSealing;
import org.strongroom.plugin.web.StatusRoutes;

/**
 * The plugin: puts the rooms together at Orthanc's start and takes them apart at its end. Whatever cannot be made ready
 * stops Orthanc, so that it never stores clear text.
 */
public final class Strongroom implements PluginApplication {
    private static final Logger LOG = System.getLogger(Strongroom.class.getName());

    private final OpenRooms rooms = new OpenRooms();

    private Reception reception;
    private StoreRoom store;
    private RestHandler rest;
    private StorageCommitment commitment;

    @Override
    public void start(Orthanc orthanc) {
        try {
            Configuration configuration = Configuration.parse(orthanc.getConfiguration());
            AccessControl.requireApart(configuration);
            Recycling.requireNone(orthanc, configuration);
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
        OrthancFolders folders = OrthancFolders.of(orthanc, configuration);
        AccessControl.requireNothingClear(settings, folders.storage());
        Home home = new Home(settings.home());
        rooms.opened(HomeLock.take(home));
        WarmUp.begin(home.run());
        SidecarCommand command = SidecarCommand.of(Distribution.folder(), settings.sidecar());
        Clock clock = Clock.systemUTC();

        String recorded = RecordedSettings.of(configuration, orthanc.getConfiguration());
        KeyRoom keys = KeyRoom.open(home, settings, recorded, command, clock, rooms);
        reception = Reception.open(orthanc, configuration, keys, clock, rooms);
        SidecarLink link = new SidecarLink(home);
        store = StoreRoom.open(configuration, folders.storage(), keys, reception, link, rooms);

        SidecarDesk desk = new SidecarDesk(orthanc, settings, keys, link, rooms);
        desk.supervise(command, clock);
        IndexWalk walk = new IndexWalk(new OrthancIndex(orthanc));
        desk.work(store, reception, walk);
        commitment = desk.commitment(reception);

        Housekeeping keeping = new Housekeeping(configuration, keys, clock, rooms);
        ClearSealing sealing = keeping.sealClearFiles(store.storage(), walk, link);
        DurableFiles.replace(home.orthancVersion(), orthanc.getOrthancVersion().getBytes(StandardCharsets.US_ASCII));
        keeping.takeSnapshots(folders);
        keys.markQuarantine(settings);

        RestHandler status = new StatusRoutes(orthanc::restApiGet, keys.keyring(), link, sealing::progress);
        rest = reception.access().map(control -> control.before(status)).orElse(status);
    }

    @Override
    public StorageArea storageArea() {
        return store.storage();
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
        return Optional.of(reception.watch().filter());
    }

    @Override
    public Optional<HttpAuthentication> httpAuthentication() {
        return reception.access().map(AccessControl::authentication);
    }

    @Override
    public Optional<FindAnswerer> finds() {
        return reception.dimse().map(Dimse::finds);
    }

    @Override
    public Optional<MoveAnswerer> moves() {
        return reception.dimse().map(Dimse::moves);
    }

    @Override
    public Optional<JobEnds> jobEnds() {
        return Optional.of(reception.jobEnds());
    }

    @Override
    public Optional<AuditLogs> auditLogs() {
        return Optional.of(reception.watch().auditLogs());
    }

    @Override
    public List<String> routes() {
        return reception.access().map(AccessControl::routes).orElse(List.of());
    }

    @Override
    public BridgeLimits limits() {
        return reception.access().map(control -> AccessControl.limits()).orElse(BridgeLimits.DEFAULTS);
    }

    @Override
    public boolean wantsArrivals() {
        return true;
    }

    @Override
    public void stop() {
        rooms.close();
    }
}
