package org.strongroom.plugin;

import java.io.IOException;
import java.nio.file.Path;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.gate.AccessControl;
import org.strongroom.plugin.receipt.OpenedStudies;
import org.strongroom.plugin.receipt.Restore;
import org.strongroom.plugin.storage.SealedStorage;
import org.strongroom.plugin.storage.StorageLimits;
import org.strongroom.plugin.supervise.PatientLink;
import org.strongroom.plugin.supervise.SidecarLink;

/** Orthanc's storage area, and which of its images nobody has decided about yet. */
record StoreRoom(SealedStorage storage, QuarantineKeys quarantine) {

    /** @param clearFiles Orthanc's own folder, in which files from before Strongroom may lie */
    static StoreRoom open(
            Configuration configuration,
            Path clearFiles,
            KeyRoom keys,
            Reception reception,
            SidecarLink link,
            OpenRooms rooms)
            throws IOException {
        OpenedStudies notices = rooms.opened(new OpenedStudies(link));
        SealedStorage storage = rooms.opened(new SealedStorage(
                keys.home(),
                limits(configuration),
                clearFiles,
                keys.keyring(),
                keys.journal(),
                keys.holds(),
                keys.aliases(),
                new PatientLink(link, RunningTime.system(), Sleeper.SYSTEM),
                keys.audit(),
                reception.access().map(AccessControl::arrivals),
                new ReadsTold(reception.watch(), notices)));
        QuarantineKeys quarantine =
                new QuarantineKeys(storage, keys.keyring(), keys.holds(), keys.journal(), keys.audit());
        reception.access().ifPresent(control -> rooms.opened(control.removeStrays(quarantine)));
        return new StoreRoom(storage, quarantine);
    }

    private static StorageLimits limits(Configuration configuration) {
        Settings settings = configuration.settings();
        return new StorageLimits(
                settings.spoolMirror(),
                settings.read().coldRequests(configuration.orthanc().httpThreadsCount()),
                settings.read().deadline(),
                settings.cache().reserve(),
                settings.cache().highWater());
    }

    /** Images that were sent again as another's, and are not put back where they were taken out. */
    Restore.Strays strays(Reception reception) {
        return reception
                .access()
                .<Restore.Strays>map(control ->
                        (attachment, dicom) -> quarantine.isQuarantined(attachment) && control.isStray(dicom))
                .orElse(Restore.Strays.NONE);
    }
}
