package org.strongroom.plugin.storage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.DiskFailures;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.PendingRead;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.seal.SealedReader;

/**
 * Answers what is asked for in plain from the nearest copy: sealed on this machine, the second disk's, clear from older days, and last from a
 * tier, for which a thread of its own waits. See docs/life-of-an-instance.md, step 8. Thread-safe.
 */
public final class PlainReads implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PlainReads.class.getName());

    /** Told what Orthanc reads. Obligations: safe for several threads. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Something of a study is about to be answered.
         *
         * @param key of the study
         * @param bytes plain ones, of this read
         * @param token as {@link PendingRead#token}
         */
        void read(Attachment attachment, UUID key, long bytes, String token);

        /** A read is about to be answered with an error. */
        default void failed(Attachment attachment, FailureKind why, String token) {}
    }

    private final SealedCopies copies;
    private final Aliases aliases;
    private final ClearFiles clearFiles;
    private final Keyring keyring;
    private final ColdReads cold;
    private final Listener told;

    /**
     * @param coldReads reads that may wait for a tier at the same time
     * @param patience how long one of them waits for others
     * @param told of every read of Orthanc's before it is answered
     */
    PlainReads(
            SealedCopies copies,
            Aliases aliases,
            ClearFiles clearFiles,
            Keyring keyring,
            int coldReads,
            Duration patience,
            Listener told) {
        this.copies = copies;
        this.aliases = aliases;
        this.clearFiles = clearFiles;
        this.keyring = keyring;
        this.cold = new ColdReads(coldReads, patience);
        this.told = told;
    }

    /** Answers on this thread what is here; what is not, later and on another one. */
    void read(PendingRead read) {
        try {
            if (!answeredHere(read)) {
                cold.park(() -> readThere(read));
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

    /** Whether Orthanc itself keeps this attachment, in clear, from the time before Strongroom. */
    public boolean isClear(UUID attachment) {
        return clearFiles.has(attachment);
    }

    private Optional<SealedHeader> header(UUID attachment) throws IOException {
        UUID sealed = aliases.sealed(attachment);
        Optional<FileSource> whole = copies.whole(sealed);
        Optional<FileSource> here = whole.isPresent() ? whole : copies.head(sealed);
        if (here.isPresent()) {
            try (FileSource file = here.get()) {
                return Optional.of(proven(copies.open(sealed, file)));
            } catch (StrongroomException e) {
                if (whole.isPresent() || e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                copies.setAside(sealed); // a power cut does that to a head, and tiers have it
            }
        }
        return isClear(sealed) ? Optional.empty() : Optional.of(proven(copies.inTier(sealed, false)));
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
        UUID sealed = sealed(read);
        try {
            return copies.mirrorOpens(sealed) && copies.restore(sealed);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A file could not be brought back from Strongroom.SpoolMirror", e);
            return false; // a tier may have it
        }
    }

    private boolean readSealed(PendingRead read) throws IOException {
        UUID sealed = sealed(read);
        try {
            return readWhole(read, sealed) || readHead(read, sealed);
        } catch (StrongroomException e) {
            // A key that nobody knows: the key id was damaged if another copy opens; else the keyring is too old, and
            // the file stays.
            boolean keyId = e.kind() == FailureKind.NOT_FOUND && copies.mirrorOpens(sealed);
            if (e.kind() != FailureKind.CORRUPT && !keyId) {
                throw e;
            }
            LOG.log(
                    Level.ERROR,
                    "A sealed file on this machine no longer opens; it is set aside in Home/quarantine and another copy"
                            + " is looked for",
                    e);
            copies.setAside(sealed);
            return false;
        } catch (UnreadableFileException e) {
            // What is in the cache was received by every tier. The only copy stays: a part of it may still be had.
            if (copies.isSpooled(sealed) && !copies.mirrorOpens(sealed)) {
                throw e;
            }
            LOG.log(
                    Level.ERROR,
                    "The disk does not give a sealed file; it is set aside in Home/quarantine and another copy is looked"
                            + " for",
                    e);
            copies.trySetAside(sealed);
            return false;
        }
    }

    private boolean readWhole(PendingRead read, UUID sealed) throws IOException {
        try (FileSource file = copies.whole(sealed).orElse(null)) {
            if (file == null) {
                return false;
            }
            answer(read, copies.open(sealed, file));
            return true;
        }
    }

    /** Answers from the head alone if the range allows it: the body stays where it is. */
    private boolean readHead(PendingRead read, UUID sealed) throws IOException {
        try (FileSource file = copies.head(sealed).orElse(null)) {
            if (file == null || read.isWhole()) {
                return false;
            }
            SealedReader reader = copies.open(sealed, file);
            if (!Reading.within(read, reader.header().headPlainSize())) {
                return false;
            }
            answer(read, reader);
            return true;
        }
    }

    /** What a tier gave is asked for once more, from another one, if it does not open. */
    private void readThere(PendingRead read) {
        UUID sealed = sealed(read);
        try {
            try {
                answerFromAfar(read, copies.inTier(sealed, false));
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                LOG.log(Level.WARNING, "What a tier gave does not open; it is compared with its digest", e);
                answerFromAfar(read, copies.inTier(sealed, true));
            }
        } catch (IOException | RuntimeException e) {
            fail(read, e);
        } catch (Error e) {
            fail(read, new IllegalStateException("a defect of this installation", e));
            throw e; // nobody waits until his deadline for a thread that is gone
        }
    }

    /** The beginning of its body is waited for first, without a turn: then mostly all of it is near. */
    private void answerFromAfar(PendingRead read, SealedReader reader) throws IOException {
        int head = reader.header().headPlainSize();
        if (read.isWhole() || !Reading.within(read, head)) {
            reader.prove();
        }
        cold.inTurn(reader.size(), head, () -> open(read, reader));
        succeed(read, reader);
    }

    private void answer(PendingRead read, SealedReader reader) throws IOException {
        open(read, reader);
        succeed(read, reader);
    }

    private static void open(PendingRead read, SealedReader reader) throws IOException {
        if (read.isWhole() || !Reading.within(read, reader.size())) {
            reader.prove(); // a size that somebody changed must neither be allocated nor believed
        }
        Reading.of(reader, read);
    }

    private void succeed(PendingRead read, SealedReader reader) {
        if (!(read instanceof WholeRead)) {
            told.read(read.attachment(), reader.header().key(), read.length(), read.token());
        }
        read.succeed();
    }

    private void fail(PendingRead read, Exception e) {
        StrongroomException why = known(read, e);
        try {
            if (!(read instanceof WholeRead)) {
                told.failed(read.attachment(), why.kind(), read.token());
            }
        } finally {
            read.fail(why);
        }
    }

    private static StrongroomException known(PendingRead read, Exception e) {
        if (e instanceof StrongroomException known) {
            return known;
        }
        UUID attachment = read.attachment().uuid();
        return e instanceof IOException disk
                ? DiskFailures.ofRead(disk, "the attachment cannot be read from disk")
                        .with("attachment", attachment)
                : StrongroomException.of(FailureKind.BUG, "an attachment could not be read")
                        .with("attachment", attachment)
                        .causedBy(e);
    }

    @Override
    public void close() {
        cold.close();
    }
}
