package org.strongroom.plugin.storage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Quarantine;
import org.strongroom.core.home.SealedFiles;
import org.strongroom.core.home.SpoolMirror;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.DiskFailures;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
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
import org.strongroom.plugin.seal.SealedReader;
import org.strongroom.plugin.tenancy.Arrivals;
import org.strongroom.plugin.tenancy.Arriving;

/**
 * Orthanc's storage area, sealed. See docs/life-of-an-instance.md, steps 2, 8 and 9. Thread-safe.
 */
public final class SealedStorage implements StorageArea, AutoCloseable {
    private static final Logger LOG = System.getLogger(SealedStorage.class.getName());

    /** Told what Orthanc reads. Obligations: safe for several threads. */
    @FunctionalInterface
    public interface Reads {
        /**
         * Something of a study is about to be answered.
         *
         * @param key of the study
         * @param bytes plain ones, of this read
         * @param token as {@link PendingRead#token}
         */
        void read(Attachment attachment, UUID key, long bytes, String token);
    }

    private final Home home;
    private final Keyring keyring;
    private final Journal journal;
    private final Aliases aliases;
    private final Reserve reserve;
    private final Arrival arrival;
    private final SealedFiles local;
    private final ClearFiles clearFiles;
    private final Traffic traffic = new Traffic(RunningTime.system());
    private final IntakeGate intake;
    private final ClearDesk clearDesk;
    private final Resealing resealing;
    private final Quarantine quarantine;
    private final SpoolMirror mirror;
    private final ColdReads cold;
    private final Duration readDeadline;
    private final Supplier<ControlClient> sidecar;
    private final AuditTap audit;
    private final Optional<Arrivals> tenants;
    private final Reads reads;

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
            Reads reads) {
        this.home = home;
        this.keyring = keyring;
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
                holds,
                journal,
                new SpoolWriter(home, disk),
                audit,
                tenants);
        this.audit = audit;
        this.tenants = tenants;
        this.local = new SealedFiles(home);
        this.clearFiles = new ClearFiles(orthancStorage);
        this.quarantine = new Quarantine(home);
        this.mirror = new SpoolMirror(home, limits.spoolMirror());
        this.clearDesk = new ClearDesk(
                clearFiles,
                arrival,
                home.spool(),
                new SealedTwin(local, quarantine, mirror, this::open, this::openRemote),
                new SpareRoom(home.spool(), orthancStorage, limits));
        this.resealing = new Resealing(
                arrival,
                aliases,
                journal,
                reserve,
                home.spool(),
                List.of(
                        this::openedHere,
                        this::openedInMirror,
                        file -> openedThere(file, false),
                        file -> openedThere(file, true)),
                RunningTime.system());
        this.cold = new ColdReads(limits.coldReads());
        this.readDeadline = limits.readDeadline();
        this.sidecar = sidecar;
        this.reads = reads;
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
            arrival.seal(attachment, source, content, Optional.empty(), commit);
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
            resealing.remove(attachment.uuid(), () -> journalRemoval(attachment));
            clearDesk.removed(attachment);
        } catch (IOException e) {
            throw failed(
                    AuditEvent.of(AuditType.DELETE).by(AuditEvent.ORTHANC),
                    attachment,
                    DiskFailures.ofWrite(home.journal(), e, "the journal could not be written")
                            .with("attachment", attachment.uuid()));
        } finally {
            gone(attachment);
        }
    }

    private void journalRemoval(Attachment attachment) throws IOException {
        if (attachment.contentType() == Attachment.DICOM) {
            long ticket = audit.write(
                    AuditEvent.of(AuditType.DELETE).by(AuditEvent.ORTHANC).with("attachment", attachment.uuid()));
            journal.tombstone(attachment.uuid());
            audit.sync(ticket);
        } else {
            journal.tombstone(attachment.uuid());
        }
    }

    @Override
    public void read(PendingRead read) {
        traffic.note();
        try {
            if (!answeredHere(read)) {
                cold.park(read, () -> readThere(read));
            }
        } catch (IOException | RuntimeException e) {
            fail(read, e);
        }
    }

    /**
     * The plain bytes of an attachment from wherever they are, found as Orthanc's own reads find them; waits for the network.
     *
     * @param largest bytes that may be held in memory, at most what fits an array
     * @throws StrongroomException REFUSED if there are more: nothing was allocated for them
     */
    public ByteSource plain(UUID attachment, long largest) {
        WholeRead read = new WholeRead(new Attachment(attachment, Attachment.DICOM), largest);
        try {
            if (!answeredHere(read)) {
                readThere(read);
            }
        } catch (IOException | RuntimeException e) {
            fail(read, e);
        }
        return read.content();
    }

    /**
     * The name of the tenant that an attachment is sealed for; empty if Orthanc itself keeps it, in clear. Waits for the network.
     *
     * @throws StrongroomException if it is not to be had now, or does not open
     */
    public Optional<String> tenantOf(UUID attachment) throws IOException {
        return header(attachment)
                .flatMap(header -> keyring.tenantName(keyring.owners().of(header.key(), header.tenant())));
    }

    /**
     * The key that an attachment is sealed under; empty if Orthanc itself keeps it, in clear. Waits for the network.
     *
     * @throws StrongroomException if it is not to be had now, or does not open
     */
    public Optional<UUID> keyOf(UUID attachment) throws IOException {
        return header(attachment).map(SealedHeader::key);
    }

    private Optional<SealedHeader> header(UUID attachment) throws IOException {
        UUID sealed = aliases.sealed(attachment);
        Optional<FileSource> whole = local.whole(sealed);
        Optional<FileSource> here = whole.isPresent() ? whole : local.head(sealed);
        if (here.isPresent()) {
            try (FileSource file = here.get()) {
                return Optional.of(proven(open(sealed, file)));
            } catch (StrongroomException e) {
                if (whole.isPresent() || e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                quarantine.setAside(sealed); // a power cut does that to a head, and tiers have it
            }
        }
        return isClear(sealed) ? Optional.empty() : Optional.of(proven(openThere(sealed, false)));
    }

    /** What opens proves the header. */
    private static SealedHeader proven(SealedReader reader) throws IOException {
        if (reader.size() > 0) {
            reader.read(0, new byte[1], 0, 1);
        }
        return reader.header();
    }

    private boolean answeredHere(PendingRead read) throws IOException {
        return readHere(read) || (broughtBack(read) && readHere(read));
    }

    private UUID sealed(PendingRead read) {
        return aliases.sealed(read.attachment().uuid());
    }

    /** Sealed, else clear. A clear file goes when its sealed one is there: who finds neither has to look once more. */
    private boolean readHere(PendingRead read) throws IOException {
        try {
            if (readSealed(read)) {
                return true;
            }
        } catch (IOException | StrongroomException e) {
            if (!isClear(read.attachment().uuid())) {
                throw e;
            }
            LOG.log(Level.ERROR, "A sealed file on this machine does not open; its clear one is still there", e);
        }
        return readClear(read) || readSealed(read);
    }

    private boolean readClear(PendingRead read) throws IOException {
        Optional<FileSource> clear = clearFiles.open(read.attachment().uuid());
        if (clear.isEmpty()) {
            return false;
        }
        try (FileSource file = clear.get()) {
            Reading.ofClear(file, read);
            read.succeed();
        }
        return true;
    }

    private boolean broughtBack(PendingRead read) {
        UUID attachment = sealed(read);
        try {
            boolean back = mirrorOpens(attachment) && mirror.restore(attachment);
            if (back) {
                LOG.log(Level.WARNING, "Brought back into the spool from Strongroom.SpoolMirror: {0}", attachment);
            }
            return back;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A file could not be brought back from Strongroom.SpoolMirror", e);
            return false; // a tier may have it
        }
    }

    private boolean readSealed(PendingRead read) throws IOException {
        UUID attachment = sealed(read);
        try {
            Optional<FileSource> whole = local.whole(attachment);
            if (whole.isPresent()) {
                try (FileSource file = whole.get()) {
                    answer(read, open(attachment, file));
                }
                return true;
            }
            Optional<FileSource> head = local.head(attachment);
            if (head.isPresent()) {
                try (FileSource file = head.get()) {
                    return readHead(read, attachment, file);
                }
            }
        } catch (StrongroomException e) {
            // A key that nobody knows: the key id was damaged if another copy opens; else the keyring is too old, and
            // the file stays.
            boolean keyId = e.kind() == FailureKind.NOT_FOUND && mirrorOpens(attachment);
            if (e.kind() != FailureKind.CORRUPT && !keyId) {
                throw e;
            }
            LOG.log(
                    Level.ERROR,
                    "A sealed file on this machine no longer opens; it is set aside in Home/quarantine and another copy"
                            + " is looked for",
                    e);
            quarantine.setAside(attachment);
            return false;
        } catch (UnreadableFileException e) {
            // What is in the cache was received by every tier. The only copy stays: a part of it may still be had.
            if (!Files.notExists(home.spooled(attachment)) && !mirrorOpens(attachment)) {
                throw e;
            }
            setAside(attachment, e);
            return false;
        }
        return false;
    }

    /** A disk with bad sectors may take no rename either: that keeps nobody from another copy. */
    private void setAside(UUID attachment, UnreadableFileException why) {
        LOG.log(
                Level.ERROR,
                "The disk does not give a sealed file; it is set aside in Home/quarantine and another copy is looked"
                        + " for",
                why);
        try {
            quarantine.setAside(attachment);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The file could not be set aside", e);
        }
    }

    /** Whether the second disk has a copy of which everything opens: another one would only be set aside in its turn. */
    private boolean mirrorOpens(UUID attachment) {
        try {
            Optional<FileSource> copy = mirror.open(attachment);
            if (copy.isEmpty()) {
                return false;
            }
            try (FileSource file = copy.get()) {
                open(attachment, file).verify();
                return true;
            }
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return false;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Strongroom.SpoolMirror cannot be read", e);
            return false;
        }
    }

    /** Answers from the head alone if the range allows it: the body stays where it is. */
    private boolean readHead(PendingRead read, UUID attachment, FileSource file) throws IOException {
        if (read.isWhole()) {
            return false;
        }
        SealedReader reader = open(attachment, file);
        if (!Reading.within(read, reader.header().headPlainSize())) {
            return false;
        }
        answer(read, reader);
        return true;
    }

    /** Whether Orthanc itself keeps this attachment, in clear, from the time before Strongroom. */
    public boolean isClear(UUID attachment) {
        return clearFiles.has(attachment);
    }

    /** Where those are sealed. */
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

    /** What a tier gave is asked for once more, from another one, if it does not open. */
    private void readThere(PendingRead read) {
        UUID attachment = sealed(read);
        try {
            try {
                answer(read, openThere(attachment, false));
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                LOG.log(Level.WARNING, "What a tier gave does not open; it is compared with its digest", e);
                answer(read, openThere(attachment, true));
            }
        } catch (IOException | RuntimeException e) {
            fail(read, e);
        }
    }

    private SealedReader openThere(UUID attachment, boolean doubt) throws IOException {
        return open(attachment, new RemoteFile(sidecar.get(), attachment, readDeadline, doubt));
    }

    /** The sealed file in a tier; empty if no tier, and nobody here, ever had one of this name. */
    private Optional<SealedReader> openRemote(UUID attachment, boolean doubt) throws IOException {
        try {
            return Optional.of(openThere(attachment, doubt));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private Optional<Resealing.Opened> openedHere(UUID attachment) throws IOException {
        Optional<FileSource> whole = local.whole(attachment);
        return whole.isEmpty()
                ? Optional.empty()
                : Optional.of(new Resealing.Opened(open(attachment, whole.get()), whole.get()));
    }

    private Optional<Resealing.Opened> openedInMirror(UUID attachment) throws IOException {
        Optional<FileSource> copy = mirror.open(attachment);
        return copy.isEmpty()
                ? Optional.empty()
                : Optional.of(new Resealing.Opened(open(attachment, copy.get()), copy.get()));
    }

    private Optional<Resealing.Opened> openedThere(UUID attachment, boolean doubt) throws IOException {
        return openRemote(attachment, doubt).map(reader -> new Resealing.Opened(reader, () -> {}));
    }

    private SealedReader open(UUID attachment, ByteSource sealed) throws IOException {
        return SealedReader.open(sealed, keyring.installation(), attachment, keyring::keyOf);
    }

    private void answer(PendingRead read, SealedReader reader) throws IOException {
        if (read.isWhole() || !Reading.within(read, reader.size())) {
            reader.prove(); // a size that somebody changed must neither be allocated nor believed
        }
        Reading.of(reader, read);
        if (!(read instanceof WholeRead)) {
            reads.read(read.attachment(), reader.header().key(), read.length(), read.token());
        }
        read.succeed();
    }

    private void fail(PendingRead read, Exception e) {
        if (e instanceof StrongroomException known) {
            read.fail(known);
        } else if (e instanceof IOException disk) {
            read.fail(DiskFailures.ofRead(disk, "the attachment cannot be read from disk")
                    .with("attachment", read.attachment().uuid()));
        } else {
            read.fail(StrongroomException.of(FailureKind.BUG, "an attachment could not be read")
                    .with("attachment", read.attachment().uuid())
                    .causedBy(e));
        }
    }

    @Override
    public void close() {
        cold.close();
    }
}
