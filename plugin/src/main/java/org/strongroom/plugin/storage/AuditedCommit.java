package org.strongroom.plugin.storage;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.StorageArea.Commit;

/**
 * Records an image's arrival at the moment from which on it is there: the event goes to the disk while the image gets its name. A kill
 * in between leaves an event of an image that was never acknowledged, never the other way round. For one thread.
 */
final class AuditedCommit implements Commit {
    private final AuditTap audit;
    private final Commit commit;
    private final AuditEvent begun;
    private final Attachment attachment;
    private final UUID key;
    private final long bytes;
    private final Optional<String> tenant;
    private OptionalLong ticket = OptionalLong.empty();

    /**
     * @param begun the arrival, with who lets the image in and where it comes from
     * @param tenant whose the image is, if that matters here
     */
    AuditedCommit(
            AuditTap audit,
            Commit commit,
            AuditEvent begun,
            Attachment attachment,
            UUID key,
            long bytes,
            Optional<String> tenant) {
        this.audit = audit;
        this.commit = commit;
        this.begun = begun;
        this.attachment = attachment;
        this.key = key;
        this.bytes = bytes;
        this.tenant = tenant;
    }

    @Override
    public boolean enter() {
        if (!commit.enter()) {
            return false;
        }
        if (attachment.contentType() == Attachment.DICOM) {
            AuditEvent event =
                    begun.with("attachment", attachment.uuid()).with("key", key).with("bytes", bytes);
            ticket = OptionalLong.of(audit.write(tenant.map(event::ofTenant).orElse(event)));
        }
        return true;
    }

    /** Returns when the event is durable. */
    void await() {
        ticket.ifPresent(audit::sync);
    }
}
