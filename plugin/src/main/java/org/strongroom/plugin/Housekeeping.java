package org.strongroom.plugin;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.install.Distribution;
import org.strongroom.plugin.inventory.IndexWalk;
import org.strongroom.plugin.recover.DrillScratch;
import org.strongroom.plugin.snapshot.IndexCopy;
import org.strongroom.plugin.snapshot.SnapshotProcess;
import org.strongroom.plugin.snapshot.SnapshotSchedule;
import org.strongroom.plugin.storage.SealedStorage;
import org.strongroom.plugin.supervise.SidecarLink;
import org.strongroom.plugin.takeover.ClearSealing;
import org.strongroom.plugin.takeover.JournaledRemovals;
import org.strongroom.plugin.takeover.KeptInClear;

/** What is done now and then, beside the clinic's work: sealing what is there in clear, and snapshots of Orthanc's index. */
final class Housekeeping {
    private static final Logger LOG = System.getLogger(Housekeeping.class.getName());

    private final Configuration configuration;
    private final KeyRoom keys;
    private final Clock clock;
    private final OpenRooms rooms;

    Housekeeping(Configuration configuration, KeyRoom keys, Clock clock, OpenRooms rooms) {
        this.configuration = configuration;
        this.keys = keys;
        this.clock = clock;
        this.rooms = rooms;
    }

    /** Begins to seal what lies in Orthanc's own folder, if the administrator wants that, and to take away what is sealed. */
    ClearSealing sealClearFiles(SealedStorage storage, IndexWalk walk, SidecarLink link) throws IOException {
        Settings settings = configuration.settings();
        Home home = keys.home();
        return rooms.opened(new ClearSealing(
                storage.clearDesk(),
                storage.traffic(),
                settings.clearFiles().seal() ? Optional.of(walk::run) : Optional.empty(),
                new JournaledRemovals(home, keys.keyring().home(), storage.plainReads()::isClear),
                KeptInClear.open(home.keptInClear(), clock),
                link,
                RunningTime.system()));
    }

    /** Begins to take snapshots where the index is a file or in PostgreSQL; copies of it that a crash, or a killed drill, left are removed. */
    void takeSnapshots(OrthancFolders folders) {
        sweepDrill();
        if (configuration.indexInFile()) {
            sweepCopies(folders.index());
        } else if (configuration.postgres().isEmpty()) {
            return;
        }
        Settings settings = configuration.settings();
        if (settings.snapshots().enabled() && !settings.tiers().isEmpty()) {
            SnapshotProcess process = new SnapshotProcess(Distribution.folder(), folders.configuration(), keys.home());
            rooms.opened(
                    SnapshotSchedule.start(keys.home(), settings.snapshots(), process, clock, RunningTime.system()));
        }
    }

    private void sweepDrill() {
        try {
            DrillScratch.sweep(keys.home(), keys.keyring().installation());
        } catch (IOException | RuntimeException e) { // whatever it is, images come first
            LOG.log(Level.WARNING, "What a killed drill left could not be deleted", e);
        }
    }

    private void sweepCopies(Path index) {
        try {
            IndexCopy.sweep(index, keys.home());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A clear copy of the index that a crash left beside it could not be deleted", e);
        }
    }
}
