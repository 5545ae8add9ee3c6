package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.DiskFailures;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.PendingRead;
import org.strongroom.plugin.bridge.StorageArea;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.tenancy.Arrivals;
import org.strongroom.plugin.tenancy.Arriving;

/**
 * Orthanc's storage area, sealed: what arrives, what is read ({@link PlainReads}) and what goes. See docs/life-of-an-instance.md, steps 2, 8 and 9.
 * Thread-safe.
 */
public final class SealedStorage implements StorageArea, AutoCloseable {
    private final Home home;
    private final Journal journal;
    private final Aliases aliases;
    private final Reserve reserve;
    private final Arrival arrival;
    private final Traffic traffic = new Traffic(RunningTime.system());
    private final IntakeGate intake;
    private final ClearDesk clearDesk;
    private final Resealing resealing;
    private final Removals removals;
    private final PlainReads plainReads;
    private final AuditTap audit;
    private final Optional<Arrivals> tenants;

    /**
     * @param limits a {@code spoolMirror} must be this installation's, or an empty folder that becomes it
     * @param orthancStorage Orthanc's {@code StorageDirectory}, where clear files of older days may be
     * @param holds new studies of a held patient come under them
     * @param aliases what the journal says of names
     * @param audit arrivals and deletes are recorded there before they are answered
     * @param tenants says whose an image is; empty if all are the first tenant's
     * @param reads told of every read of Orthanc's before it is answered
     * @throws StrongroomException REFUSED if the folder of the second disk is missing, unmarked or another's
     */
    public SealedStorage(
            Home home,
            StorageLimits limits,
            Path orthancStorage,
            Keyring keyring,
            Journal journal,
            Holds holds,
            Aliases aliases,
            Supplier<ControlClient> sidecar,
            AuditTap audit,
            Optional<Arrivals> tenants,
            PlainReads.Listener reads) {
        this.home = home;
        this.journal = journal;
        this.aliases = aliases;
        this.intake = new IntakeGate(home, RunningTime.system(), Sleeper.SYSTEM);
        this.reserve = new Reserve(home.spool(), limits.reserve());
        Optional<MirrorDisk> disk = limits.spoolMirror().isEmpty()
                ? Optional.empty()
                : Optional.of(MirrorDisk.take(home, limits.spoolMirror().get(), keyring.installation()));
        this.arrival = new Arrival(
                new ContentReader(DicomHeader::read),
                keyring,
                new ArrivalKeys(keyring, holds, journal, tenants),
                new SpoolWriter(home, disk),
                audit);
        this.audit = audit;
        this.tenants = tenants;
        ClearFiles clearFiles = new ClearFiles(orthancStorage);
        SealedCopies copies = new SealedCopies(home, limits.spoolMirror(), keyring, sidecar, limits.readDeadline());
        this.plainReads =
                new PlainReads(copies, aliases, clearFiles, keyring, limits.coldReads(), limits.readDeadline(), reads);
        this.clearDesk = new ClearDesk(
                clearFiles,
                arrival,
                home.spool(),
                new SealedTwin(copies),
                new SpareRoom(home.spool(), orthancStorage, limits));
        this.resealing =
                new Resealing(arrival, aliases, journal, reserve, home.spool(), copies.ways(), RunningTime.system());
        this.removals = Removals.begin(audit::now, RunningTime.system());
    }

    @Override
    public void create(Attachment attachment, ByteSource content, Commit commit) {
        create(attachment, ArrivalContext.UNKNOWN, content, commit);
    }

    @Override
    public void create(Attachment attachment, ArrivalContext source, ByteSource content, Commit commit) {
        traffic.note();
        intake.await();
        try {
            Optional<UUID> sealed =
                    attachment.contentType() == Attachment.DICOM ? aliases.find(content) : Optional.empty();
            if (sealed.isPresent()) {
                name(attachment, source, content.size(), sealed.get(), commit);
                expect(attachment, content);
                return;
            }
            reserve.require(content.size());
            seal(attachment, source, content, commit);
        } catch (IOException e) {
            throw failed(
                    Arriving.event(AuditType.ARRIVAL, source),
                    attachment,
                    DiskFailures.ofWrite(home.spool(), e, "the attachment could not be sealed to disk")
                            .with("attachment", attachment.uuid()));
        } catch (StrongroomException e) {
            throw failed(Arriving.event(AuditType.ARRIVAL, source), attachment, e);
        }
    }

    private void seal(Attachment attachment, ArrivalContext source, ByteSource content, Commit commit)
            throws IOException {
        boolean there = false;
        try {
            arrival.seal(attachment, source, content, Optional.empty(), commit, () -> withdrawn(attachment.uuid()));
            there = true;
        } finally {
            if (!there) {
                gone(attachment);
            }
        }
    }

    /** Given back, it must not come into another tenant's study than when it was sealed. */
    private void expect(Attachment attachment, ByteSource content) throws IOException {
        if (tenants.isPresent()) {
            tenants.get().expect(attachment.uuid(), arrival.instanceNames(attachment, content));
        }
    }

    @Override
    public void stored(Attachment attachment, String instance) {
        tenants.ifPresent(all -> all.stored(attachment.uuid(), instance));
    }

    /** It was there for a moment, and Orthanc is told that it is not: the sidecar must not miss it as if it were lost. */
    private void withdrawn(UUID attachment) {
        removals.later(attachment, happened -> journal.tombstone(attachment));
    }

    private void gone(Attachment attachment) {
        tenants.ifPresent(all -> all.gone(attachment.uuid()));
    }

    /** The sender is told in any case: that the disk takes no event either must not hide why. */
    private StrongroomException failed(AuditEvent event, Attachment attachment, StrongroomException why) {
        if (attachment.contentType() == Attachment.DICOM) {
            AuditEvent about = event.with("attachment", attachment.uuid());
            try {
                audit.record(why.kind() == FailureKind.REFUSED ? about.refused(why.text()) : about.failed(why.text()));
            } catch (StrongroomException e) {
                why.addSuppressed(e);
            }
        }
        return why;
    }

    /** The same bytes are sealed already: nothing is written or shipped once more. */
    private void name(Attachment attachment, ArrivalContext source, long bytes, UUID sealed, Commit commit)
            throws IOException {
        if (!commit.enter()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc gave up before the attachment had its name")
                    .with("attachment", attachment.uuid());
        }
        long ticket = audit.write(Arriving.event(AuditType.ARRIVAL, source)
                .with("attachment", attachment.uuid())
                .with("sealed", sealed)
                .with("bytes", bytes));
        journal.alias(attachment.uuid(), sealed);
        aliases.add(attachment.uuid(), sealed);
        audit.sync(ticket);
    }

    @Override
    public void remove(Attachment attachment) {
        try {
            removals.now(
                    attachment.uuid(),
                    new RecordedRemoval(
                            attachment, audit, resealing, () -> journal.tombstone(attachment.uuid()), clearDesk));
        } catch (IOException e) {
            throw failed(
                    AuditEvent.of(AuditType.DELETE).by(AuditEvent.ORTHANC),
                    attachment,
                    DiskFailures.ofWrite(
                                    home.journal(),
                                    e,
                                    "a removal could not be journaled; it is tried again until it can")
                            .with("attachment", attachment.uuid()));
        } finally {
            gone(attachment);
        }
    }

    /** Whether Orthanc removed what is sealed so, by whatever name, and the disk has not taken that yet. */
    public boolean isRemovalHeld(UUID sealed) {
        return removals.isHeld(name -> aliases.sealed(name).equals(sealed));
    }

    @Override
    public void read(PendingRead read) {
        traffic.note();
        plainReads.read(read);
    }

    /** What is read in plain, by Orthanc and by us. */
    public PlainReads plainReads() {
        return plainReads;
    }

    /** Where clear files from before Strongroom are sealed. */
    public ClearDesk clearDesk() {
        return clearDesk;
    }

    /** Where files get another key. */
    public Resealing resealing() {
        return resealing;
    }

    /** How busy Orthanc's users are. */
    public Traffic traffic() {
        return traffic;
    }

    @Override
    public void close() {
        try {
            removals.close();
        } finally {
            plainReads.close();
        }
    }
}
