package org.strongroom.plugin;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.KitFile;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.bridge.Orthanc;
import org.strongroom.plugin.bridge.StorageCommitment;
import org.strongroom.plugin.erase.Erasures;
import org.strongroom.plugin.gate.AccessControl;
import org.strongroom.plugin.inventory.IndexListing;
import org.strongroom.plugin.inventory.IndexRemoval;
import org.strongroom.plugin.inventory.IndexWalk;
import org.strongroom.plugin.inventory.OrthancIndex;
import org.strongroom.plugin.inventory.SealedStudies;
import org.strongroom.plugin.receipt.Commitment;
import org.strongroom.plugin.receipt.Restore;
import org.strongroom.plugin.receipt.SidecarWork;
import org.strongroom.plugin.recover.RecoveryNote;
import org.strongroom.plugin.storage.SealedStorage;
import org.strongroom.plugin.supervise.SidecarCommand;
import org.strongroom.plugin.supervise.SidecarLink;
import org.strongroom.plugin.supervise.Supervisor;
import org.strongroom.plugin.web.Metrics;

/** Where the sidecar is kept alive, and where what it asks of keys and of Orthanc is done. */
final class SidecarDesk {
    private final Orthanc orthanc;
    private final Settings settings;
    private final KeyRoom keys;
    private final SidecarLink link;
    private final OpenRooms rooms;

    SidecarDesk(Orthanc orthanc, Settings settings, KeyRoom keys, SidecarLink link, OpenRooms rooms) {
        this.orthanc = orthanc;
        this.settings = settings;
        this.keys = keys;
        this.link = link;
        this.rooms = rooms;
    }

    /** Starts the sidecar, unless somebody else does, and tells Orthanc's metrics how it is. */
    void supervise(SidecarCommand command, Clock clock) {
        if (settings.sidecar().autostart()) {
            rooms.opened(new Supervisor(keys.home(), link, command));
        } else {
            AutoCloseable farewell = () -> Supervisor.release(link);
            rooms.opened(farewell);
        }
        rooms.opened(
                new Metrics(() -> link.get().status(), () -> kitProven(keys.home()), orthanc::setMetricsValue, clock));
    }

    private static Optional<Instant> kitProven(Home home) {
        try {
            return KitFile.read(home.kit()).map(KitFile::proven);
        } catch (IOException | StrongroomException e) {
            return Optional.empty(); // the sidecar tells that it cannot be read
        }
    }

    /** Begins to do what the sidecar asks for. */
    void work(StoreRoom store, Reception reception, IndexWalk walk) {
        SealedStorage storage = store.storage();
        OrthancIndex index = new OrthancIndex(orthanc);
        Restore restore = new Restore(
                storage.plainReads()::plain,
                index::store,
                storage.resealing()::forget,
                keys.journal()::hasRemoved,
                storage::isRemovalHeld,
                keys.aliases()::expect,
                store.strays(reception));
        IndexRemoval removal = new IndexRemoval(
                walk,
                keys.aliases()::sealed,
                orthanc::restApiDelete,
                () -> RecoveryNote.isOfSnapshot(keys.home().recovery()));
        SidecarWork.Assigning assigning = order -> reception
                .access()
                .filter(control -> settings.keepsTenantsApart())
                .orElseThrow(AccessControl::oneTenant)
                .assign(
                        order,
                        keys.assignments(),
                        settings.tenants().keySet(),
                        keys.journal(),
                        keys.holds(),
                        keys.audit());
        rooms.opened(new SidecarWork(
                link,
                keys.keyring(),
                keys.journal(),
                keys.holds(),
                keys.erasures(),
                keys.audit(),
                restore,
                new IndexListing(walk, storage.plainReads()::isClear),
                removal,
                new Erasures.Running(
                        new SealedStudies(
                                walk, keys.aliases()::sealed, storage.plainReads()::isClear, orthanc::restApiDelete),
                        key -> storage.resealing()
                                .some(key, each -> link.get().living(key, each), index::forgetMetadata)),
                assigning));
    }

    /** Answers questions of storage commitment by what the sidecar has receipts of. */
    StorageCommitment commitment(Reception reception) {
        if (reception.access().flatMap(AccessControl::dimse).isPresent()) {
            // Orthanc does not say who asks, and nobody may learn what another tenant has.
            return (sopClass, sopInstance) -> StorageCommitment.Answer.PROCESSING_FAILURE;
        }
        return new Commitment(
                new OrthancIndex(orthanc)::instances,
                (files, whole) -> link.get().received(files, whole),
                RunningTime.system(),
                Sleeper.SYSTEM);
    }
}
