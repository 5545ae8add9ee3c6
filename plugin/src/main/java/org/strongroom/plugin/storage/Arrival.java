package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.Identity;
import org.strongroom.core.dicom.NativePixels;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.dicom.OrthancZlib;
import org.strongroom.core.dicom.PixelElement;
import org.strongroom.core.dicom.SeriesMetadata;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.StorageArea.Commit;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.codec.PixelData;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StudyKey;
import org.strongroom.plugin.seal.SealRequest;
import org.strongroom.plugin.seal.Sealer;
import org.strongroom.plugin.tenancy.Arrivals;
import org.strongroom.plugin.tenancy.Sender;

/** Seals what arrives into the spool: whose it is, under which key, how encoded. Thread-safe. */
final class Arrival {
    /** Enough of a compressed file to know whose it is. */
    private static final int IDENTITY = 1 << 20;
    /** DICOM allows 64 characters each; a longer one is some accident, and no reason to refuse. */
    private static final int LONGEST_IDENTITY = 4096;
    /** From this many at a time on, the quickest encoding keeps senders from waiting for the processors. */
    private static final int BUSY = 2 * Runtime.getRuntime().availableProcessors();

    private final Keyring keyring;
    private final Holds holds;
    private final Journal journal;
    private final SpoolWriter spool;
    private final AuditTap audit;
    private final Optional<Arrivals> tenants;
    private final Sealer sealer = new Sealer(new SecureRandom());
    private final AtomicInteger sealing = new AtomicInteger();

    /** @param tenants says whose an image is; empty if all are the first tenant's */
    Arrival(
            Keyring keyring,
            Holds holds,
            Journal journal,
            SpoolWriter spool,
            AuditTap audit,
            Optional<Arrivals> tenants) {
        this.keyring = keyring;
        this.holds = holds;
        this.journal = journal;
        this.spool = spool;
        this.audit = audit;
        this.tenants = tenants;
    }

    /**
     * Durable when this returns. Nothing in {@code content} is a reason to refuse it, nobody knowing whose it is may be.
     *
     * @param arrived when Orthanc got it, if that is not now
     */
    void seal(
            Attachment attachment, ArrivalContext source, ByteSource content, Optional<FileTime> arrived, Commit commit)
            throws IOException {
        Optional<DicomHeader> plainHeader = isDicom(attachment) ? DicomHeader.read(content) : Optional.empty();
        Optional<DicomHeader> header =
                plainHeader.isPresent() || !isDicom(attachment) ? plainHeader : compressedHeader(content);
        Optional<Identity> known = (isDicom(attachment) ? header.flatMap(DicomHeader::identity) : attachedTo(content))
                .filter(Arrival::isPlausible);
        Optional<String> tenant = isDicom(attachment)
                ? tenants.map(all -> claim(all, attachment, source, known, header))
                : tenants.filter(all -> known.isEmpty()).flatMap(all -> all.tenantOfSender(source));
        StudyKey key = entered(known, tenant);
        try {
            seal(attachment, source, content, arrived, commit, plainHeader, header, known, tenant, key);
        } finally {
            keyring.leave(key.id());
        }
    }

    private void seal(
            Attachment attachment,
            ArrivalContext source,
            ByteSource content,
            Optional<FileTime> arrived,
            Commit commit,
            Optional<DicomHeader> plainHeader,
            Optional<DicomHeader> header,
            Optional<Identity> known,
            Optional<String> tenant,
            StudyKey key)
            throws IOException {
        SealRequest request = new SealRequest(
                keyring.installation(),
                attachment.uuid(),
                key.tenant(),
                key.id(),
                known.map(whose -> seriesTag(key, whose)).orElse(Tag16.NONE),
                header.map(DicomHeader::instanceNumber).orElse(0),
                attachment.contentType(),
                content,
                headSize(plainHeader),
                pixels(plainHeader));
        AuditEvent event =
                arrived.isPresent() ? AuditEvent.of(AuditType.ARRIVAL).by(AuditEvent.STRONGROOM) : from(source);
        AuditedCommit recorded = new AuditedCommit(audit, commit, event, attachment, key.id(), content.size(), tenant);
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
                recorded::await);
    }

    private static String claim(
            Arrivals all,
            Attachment attachment,
            ArrivalContext source,
            Optional<Identity> known,
            Optional<DicomHeader> header) {
        String tenant = all.tenantOf(attachment.uuid(), source, known, () -> instanceNames(header));
        // Of what Orthanc writes anew, and of a beginning beside its file, it does not say what it calls the instance.
        if (attachment.contentType() == Attachment.DICOM && source.origin() != ArrivalContext.Origin.UNKNOWN) {
            all.expect(attachment.uuid(), known.isPresent() ? instanceNames(header) : Set.of());
        }
        return tenant;
    }

    /** The user who uploads it, the title of who sends it, or Orthanc, which makes it. */
    private static AuditEvent from(ArrivalContext source) {
        AuditEvent event = AuditEvent.of(AuditType.ARRIVAL)
                .by(Sender.parse(source.token())
                        .map(Sender::user)
                        .filter(user -> !user.isEmpty())
                        .orElse(AuditEvent.ORTHANC));
        return source.remoteAet().isEmpty() ? event : event.fromAet(source.remoteAet());
    }

    private static boolean isDicom(Attachment attachment) {
        return attachment.contentType() == Attachment.DICOM
                || attachment.contentType() == Attachment.DICOM_UNTIL_PIXEL_DATA;
    }

    /** Of a DICOM file, compressed or not. */
    static Optional<DicomHeader> header(ByteSource content) throws IOException {
        Optional<DicomHeader> plain = DicomHeader.read(content);
        return plain.isPresent() ? plain : compressedHeader(content);
    }

    /** What Orthanc may call the instance, if it reads its header in the same way. */
    static Set<String> instanceNames(Optional<DicomHeader> header) {
        return header.map(OrthancId::ofInstance).orElse(Set.of());
    }

    /** With StorageCompression Orthanc hands out a zlib stream: it is sealed as it is, under its study's key. */
    private static Optional<DicomHeader> compressedHeader(ByteSource content) throws IOException {
        Optional<ByteSource> inflated = OrthancZlib.inflatedPrefix(content, IDENTITY);
        return inflated.isPresent() ? DicomHeader.read(inflated.get()) : Optional.empty();
    }

    /** Of what is no DICOM file only one kind says whose it is. */
    private Optional<Identity> attachedTo(ByteSource content) throws IOException {
        Optional<ByteSource> inflated = OrthancZlib.inflatedPrefix(content, IDENTITY);
        return SeriesMetadata.identity(inflated.isPresent() ? inflated.get() : content)
                .filter(identity -> keyring.findStudyKey(identity.patientId(), identity.studyInstanceUid())
                        .isPresent());
    }

    /** A key that nobody destroys before this has left it. */
    private StudyKey entered(Optional<Identity> identity, Optional<String> tenant) throws IOException {
        StudyKey key = keyFor(identity, tenant);
        while (!keyring.enter(key.id())) {
            key = keyFor(identity, tenant);
        }
        return key;
    }

    /** What belongs to no known study has a key of its own. */
    private StudyKey keyFor(Optional<Identity> identity, Optional<String> tenant) throws IOException {
        if (identity.isEmpty()) {
            return tenant.isPresent() ? keyring.attachmentKey(tenant.get()) : keyring.attachmentKey();
        }
        byte[] patient = identity.get().patientId();
        byte[] study = identity.get().studyInstanceUid();
        StudyKey key =
                tenant.isPresent() ? keyring.studyKey(tenant.get(), patient, study) : keyring.studyKey(patient, study);
        holds.cover(key.id(), patient, study, journal);
        return key;
    }

    private static boolean isPlausible(Identity identity) {
        return identity.patientId().length + identity.studyInstanceUid().length <= LONGEST_IDENTITY;
    }

    private Tag16 seriesTag(StudyKey key, Identity identity) {
        return identity.seriesInstanceUid().length == 0
                ? Tag16.NONE
                : keyring.seriesTag(key, identity.seriesInstanceUid());
    }

    static long headSize(Optional<DicomHeader> header) {
        return header.flatMap(DicomHeader::pixels).map(PixelElement::offset).orElse(0L);
    }

    static PixelData pixels(Optional<DicomHeader> header) {
        if (header.isEmpty()) {
            return null;
        }
        Optional<NativePixels> shape = header.get().nativePixels();
        Optional<PixelElement> place = header.get().pixels();
        if (shape.isEmpty() || place.isEmpty()) {
            return null;
        }
        return new PixelData(
                place.get().valueOffset(),
                shape.get().frameBytes() * shape.get().frames(),
                shape.get().frameBytes(),
                shape.get().layout());
    }
}
