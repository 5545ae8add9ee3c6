package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.dicom.Identity;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.StorageArea.Commit;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.keys.KeyedStudy;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StudyKey;
import org.strongroom.plugin.seal.SealRequest;
import org.strongroom.plugin.seal.Sealer;
import org.strongroom.plugin.storage.ArrivalKeys.Owned;
import org.strongroom.plugin.tenancy.Arriving;

/** Seals what arrives into the spool: whose it is, under which key, how encoded. Thread-safe. */
final class Arrival {
    /** DICOM allows 64 characters each; a longer one is some accident, and no reason to refuse. */
    private static final int LONGEST_IDENTITY = 4096;
    /** From this many at a time on, the quickest encoding keeps senders from waiting for the processors. */
    private static final int BUSY = 2 * Runtime.getRuntime().availableProcessors();

    private static final UUID NOBODYS = new UUID(0, 0);

    private final ContentReader reader;
    private final Keyring keyring;
    private final ArrivalKeys keys;
    private final SpoolWriter spool;
    private final AuditTap audit;
    private final Sealer sealer = new Sealer(new SecureRandom());
    private final AtomicInteger sealing = new AtomicInteger();

    Arrival(ContentReader reader, Keyring keyring, ArrivalKeys keys, SpoolWriter spool, AuditTap audit) {
        this.reader = reader;
        this.keyring = keyring;
        this.keys = keys;
        this.spool = spool;
        this.audit = audit;
    }

    /**
     * Durable when this returns. Nothing in {@code content} is a reason to refuse it, nobody knowing whose it is may be.
     *
     * @param arrived when Orthanc got it, if that is not now
     * @param withdrawn told if it failed and was there for a moment
     */
    void seal(
            Attachment attachment,
            ArrivalContext source,
            ByteSource content,
            Optional<FileTime> arrived,
            Commit commit,
            Runnable withdrawn)
            throws IOException {
        ContentFacts facts = reader.read(attachment, content);
        Optional<Identity> known = facts.identity()
                .filter(Arrival::isPlausible)
                .filter(identity -> ContentReader.isDicom(attachment) || keys.isKnown(identity));
        Owned owned = keys.choose(attachment, source, known, facts);
        AuditEvent event = arrived.isPresent()
                ? AuditEvent.of(AuditType.ARRIVAL).by(AuditEvent.STRONGROOM)
                : Arriving.event(AuditType.ARRIVAL, source);
        try {
            seal(attachment, content, arrived, commit, withdrawn, facts, known, owned, event);
        } finally {
            keyring.leave(owned.key().id());
        }
    }

    /**
     * Seals once more what a key sealed, under the key that its study has now, for whose it is. Durable when this returns.
     *
     * @param former a study's, which nothing is sealed with any more
     * @throws StrongroomException REFUSED if it is no study's
     */
    void reseal(Attachment attachment, ByteSource content, UUID former, FileTime arrived) throws IOException {
        KeyedStudy study = keyring.names().study(former).orElseThrow(() -> StrongroomException.of(
                        FailureKind.REFUSED, "this is no study's key")
                .with("key", former));
        ContentFacts facts = reader.read(attachment, content);
        Owned owned = keys.chooseAgain(former, study);
        AuditEvent event = AuditEvent.of(AuditType.KEY)
                .by(AuditEvent.STRONGROOM)
                .with("step", "resealed")
                .with("former", former);
        try {
            seal(
                    attachment,
                    content,
                    Optional.of(arrived),
                    () -> true,
                    () -> {}, // it has its tombstone already
                    facts,
                    facts.identity(),
                    owned,
                    event);
        } finally {
            keyring.leave(owned.key().id());
        }
    }

    /** Whose series content is the metadata of that DICOMweb attaches to it; empty if it is anything else. */
    Optional<Identity> seriesOfMetadata(int contentType, ByteSource content) throws IOException {
        Attachment attachment = new Attachment(NOBODYS, contentType);
        return ContentReader.isDicom(attachment)
                ? Optional.empty()
                : reader.read(attachment, content).identity();
    }

    private void seal(
            Attachment attachment,
            ByteSource content,
            Optional<FileTime> arrived,
            Commit commit,
            Runnable withdrawn,
            ContentFacts facts,
            Optional<Identity> known,
            Owned owned,
            AuditEvent event)
            throws IOException {
        StudyKey key = owned.key();
        SealRequest request = new SealRequest(
                keyring.installation(),
                attachment.uuid(),
                key.tenant(),
                key.id(),
                known.map(whose -> seriesTag(key, whose)).orElse(Tag16.NONE),
                facts.instanceNumber(),
                attachment.contentType(),
                content,
                facts.headSize(),
                facts.pixels());
        AuditedCommit recorded =
                new AuditedCommit(audit, commit, event, attachment, key.id(), content.size(), owned.tenant());
        ImageLayout layout = request.pixels() == null ? null : request.pixels().layout();
        spool.write(
                attachment.uuid(),
                channel -> {
                    int others = sealing.getAndIncrement();
                    try {
                        EncodeEffort effort = others < BUSY ? EncodeEffort.IMAGE : EncodeEffort.least(layout);
                        sealer.seal(request, key.key(), channel, effort);
                    } finally {
                        sealing.getAndDecrement();
                    }
                },
                arrived,
                recorded,
                recorded::await,
                withdrawn);
    }

    /** What Orthanc may call an instance, if it reads its header in the same way. */
    Set<String> instanceNames(Attachment attachment, ByteSource content) throws IOException {
        return reader.read(attachment, content).instanceNames();
    }

    private static boolean isPlausible(Identity identity) {
        return identity.patientId().length + identity.studyInstanceUid().length <= LONGEST_IDENTITY;
    }

    private Tag16 seriesTag(StudyKey key, Identity identity) {
        return identity.seriesInstanceUid().length == 0
                ? Tag16.NONE
                : keyring.seriesTag(key, identity.seriesInstanceUid());
    }
}
