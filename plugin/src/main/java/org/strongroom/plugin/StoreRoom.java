package org.strongroom.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.bridge.Attachment;
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
                (attachment, key, bytes, token) -> {
                    if (isImage(attachment)) {
                        reception.watch().read(key, image(attachment), bytes, token);
                    }
                    notices.add(key);
                }));
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

    /** An image has one file, and may have a beginning beside it. */
    private static Optional<UUID> image(Attachment attachment) {
        return attachment.contentType() == Attachment.DICOM ? Optional.of(attachment.uuid()) : Optional.empty();
    }

    private static boolean isImage(Attachment attachment) {
        return attachment.contentType() == Attachment.DICOM
                || attachment.contentType() == Attachment.DICOM_UNTIL_PIXEL_DATA;
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
