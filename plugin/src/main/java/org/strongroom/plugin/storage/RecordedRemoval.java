package org.strongroom.plugin.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.Attachment;

/**
 * Something that Orthanc removed: its event, its entry in the journal, its clear file. Tried again it goes on where it was, so that there is
 * one event and one entry, however often the disk refuses. For one thread at a time.
 */
final class RecordedRemoval implements Removals.Removal {
    private final Attachment attachment;
    private final AuditTap audit;
    private final Resealing.Removal tombstone;
    private final Resealing resealing;
    private final ClearDesk clearDesk;
    /** Of its event; 0 while there is none, which no ticket is. */
    private long ticket;

    private boolean journaled;

    /** @param tombstone journals it */
    RecordedRemoval(
            Attachment attachment,
            AuditTap audit,
            Resealing resealing,
            Resealing.Removal tombstone,
            ClearDesk clearDesk) {
        this.attachment = attachment;
        this.audit = audit;
        this.resealing = resealing;
        this.tombstone = tombstone;
        this.clearDesk = clearDesk;
    }

    @Override
    public void journal(Optional<Instant> happened) throws IOException {
        if (attachment.contentType() == Attachment.DICOM && ticket == 0) {
            ticket = audit.write(event(happened));
        }
        if (!journaled) {
            resealing.remove(attachment.uuid(), tombstone);
            journaled = true;
        }
        if (ticket != 0) {
            audit.sync(ticket);
        }
        clearDesk.removed(attachment);
    }

    private AuditEvent event(Optional<Instant> happened) {
        AuditEvent event =
                AuditEvent.of(AuditType.DELETE).by(AuditEvent.ORTHANC).with("attachment", attachment.uuid());
        return happened.map(then -> event.with("happened", then)).orElse(event);
    }
}
