package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
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
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeyedStudy;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StudyKey;
import org.strongroom.plugin.seal.SealRequest;
import org.strongroom.plugin.seal.Sealer;
import org.strongroom.plugin.tenancy.Arrivals;
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
    private final Holds holds;
    private final Journal journal;
    private final SpoolWriter spool;
    private final AuditTap audit;
    private final Optional<Arrivals> tenants;
    private final Sealer sealer = new Sealer(new SecureRandom());
    private final AtomicInteger sealing = new AtomicInteger();

    /** @param tenants says whose an image is; empty if all are the first tenant's */
    Arrival(
            ContentReader reader,
            Keyring keyring,
            Holds holds,
            Journal journal,
            SpoolWriter spool,
            AuditTap audit,
            Optional<Arrivals> tenants) {
        this.reader = reader;
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
                .filter(identity -> ContentReader.isDicom(attachment) || isKnown(identity));
        Owned owned = owned(attachment, source, known, facts);
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
        Owned owned = ownedNow(former, study);
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

    /** As {@link #owned}, of what is known already. */
    private Owned ownedNow(UUID former, KeyedStudy study) throws IOException {
        while (true) {
            long before = assignments();
            UUID sealedFor =
                    keyring.owners().tenantOf(former).orElseThrow(() -> new IllegalStateException("no such key"));
            Optional<String> tenant = keyring.tenantName(keyring.owners().of(former, sealedFor));
            Optional<StudyKey> key = entered(Optional.of(study), tenant, () -> assignments() == before);
            if (key.isPresent() && assignments() == before) {
                return new Owned(tenant, key.get());
            }
            key.map(StudyKey::id).ifPresent(keyring::leave);
        }
    }

    /** Whose something is, and the key that it is sealed under. */
    private record Owned(Optional<String> tenant, StudyKey key) {}

    /** With a key that this has entered. Whose it is is asked again if studies were given away before it had. */
    private Owned owned(Attachment attachment, ArrivalContext source, Optional<Identity> known, ContentFacts facts)
            throws IOException {
        while (true) {
            long before = assignments();
            Optional<String> tenant = ContentReader.isDicom(attachment)
                    ? tenants.map(all -> claim(all, attachment, source, known, facts))
                    : tenants.filter(all -> known.isEmpty()).flatMap(all -> all.tenantOfSender(source));
            Optional<KeyedStudy> study = known.map(Arrival::study);
            Optional<StudyKey> key = entered(study, tenant, () -> assignments() == before);
            if (key.isPresent() && assignments() == before) {
                return new Owned(tenant, key.get());
            }
            key.map(StudyKey::id).ifPresent(keyring::leave);
            tenants.ifPresent(all -> all.gone(attachment.uuid()));
        }
    }

    private long assignments() {
        return tenants.map(Arrivals::assignments).orElse(0L);
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

    private static String claim(
            Arrivals all, Attachment attachment, ArrivalContext source, Optional<Identity> known, ContentFacts facts) {
        String tenant = all.tenantOf(attachment.uuid(), source, known, facts::instanceNames, facts.origin());
        // Of what Orthanc writes anew, and of a beginning beside its file, it does not say what it calls the instance.
        if (attachment.contentType() == Attachment.DICOM && source.origin() != ArrivalContext.Origin.UNKNOWN) {
            all.expect(attachment.uuid(), known.isPresent() ? facts.instanceNames() : Set.of());
        }
        return tenant;
    }

    /** What Orthanc may call an instance, if it reads its header in the same way. */
    Set<String> instanceNames(Attachment attachment, ByteSource content) throws IOException {
        return reader.read(attachment, content).instanceNames();
    }

    /** An attachment names a study; that there is one, the keyring knows. */
    private boolean isKnown(Identity identity) {
        return keyring.knownStudyKey(identity.patientId(), identity.studyInstanceUid())
                .isPresent();
    }

    /** A key that nobody destroys before this has left it; empty if one would have to be made, and is not to be. */
    private Optional<StudyKey> entered(Optional<KeyedStudy> study, Optional<String> tenant, BooleanSupplier mayMake)
            throws IOException {
        Optional<StudyKey> key = keyFor(study, tenant, mayMake);
        while (key.isPresent() && !keyring.enter(key.get().id())) {
            key = keyFor(study, tenant, mayMake);
        }
        return key;
    }

    /** What belongs to no known study has a key of its own. */
    private Optional<StudyKey> keyFor(Optional<KeyedStudy> whose, Optional<String> tenant, BooleanSupplier mayMake)
            throws IOException {
        if (whose.isEmpty()) {
            return Optional.of(tenant.isPresent() ? keyring.attachmentKey(tenant.get()) : keyring.attachmentKey());
        }
        byte[] patient = whose.get().patientId();
        byte[] study = whose.get().studyInstanceUid();
        Optional<String> owner = tenant.isPresent() ? tenant : ownerOfClosed(patient, study);
        Optional<StudyKey> key = keyring.studyKey(owner, patient, study, mayMake);
        if (key.isPresent()) {
            holds.cover(key.get().id(), patient, study, journal);
        }
        return key;
    }

    /** Of a study that was given to a tenant, and has no key in use since: what is attached to it is that tenant's. */
    private Optional<String> ownerOfClosed(byte[] patient, byte[] study) throws IOException {
        if (keyring.findStudyKey(patient, study).isPresent()) {
            return Optional.empty();
        }
        Optional<UUID> closed = keyring.knownStudyKey(patient, study);
        Optional<UUID> sealedFor = closed.isPresent() ? keyring.owners().tenantOf(closed.get()) : Optional.empty();
        return sealedFor
                .map(tenant -> keyring.owners().of(closed.get(), tenant))
                .flatMap(keyring::tenantName);
    }

    private static KeyedStudy study(Identity identity) {
        return new KeyedStudy(identity.patientId(), identity.studyInstanceUid());
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
