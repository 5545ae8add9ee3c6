package org.strongroom.plugin;

import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.receipt.OpenedStudies;
import org.strongroom.plugin.storage.PlainReads;
import org.strongroom.plugin.watch.Watch;

/** Tells of what Orthanc reads: the audit log, of images; the sidecar, of studies that are in use. */
record ReadsTold(Watch watch, OpenedStudies notices) implements PlainReads.Listener {
    @Override
    public void read(Attachment attachment, UUID key, long bytes, String token) {
        if (isImage(attachment)) {
            watch.read(key, image(attachment), bytes, token);
        }
        notices.add(key);
    }

    @Override
    public void failed(Attachment attachment, FailureKind why, String token) {
        if (isImage(attachment)) {
            watch.failed(attachment.uuid(), why, token);
        }
    }

    /** An image has one file, and may have a beginning beside it. */
    private static Optional<UUID> image(Attachment attachment) {
        return attachment.contentType() == Attachment.DICOM ? Optional.of(attachment.uuid()) : Optional.empty();
    }

    private static boolean isImage(Attachment attachment) {
        return attachment.contentType() == Attachment.DICOM
                || attachment.contentType() == Attachment.DICOM_UNTIL_PIXEL_DATA;
    }
}
