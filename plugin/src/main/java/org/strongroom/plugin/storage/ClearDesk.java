package org.strongroom.plugin.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ObjLongConsumer;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OrthancZlib;
import org.strongroom.core.dicom.Tag;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.SealedFiles;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.seal.SealedReader;

/**
 * Seals the files that Orthanc stored itself before Strongroom, one by one, under their own names. A clear file is removed only when its
 * sealed one is durable, was read back, and opened to the same bytes. Sealing is for one thread; the rest is thread-safe.
 */
public final class ClearDesk {
    /** Enough of a compressed file to know what it is. */
    private static final int PREFIX = 1 << 20;

    private final ClearFiles clear;
    private final Arrival arrival;
    private final Path spool;
    private final SealedFiles local;
    private final SpareRoom room;
    private final Opening here;
    private final Finding there;
    private final Queue<Attachment> removed = new ConcurrentLinkedQueue<>();

    /** Opens sealed bytes with the keys. */
    @FunctionalInterface
    interface Opening {
        SealedReader open(UUID attachment, ByteSource sealed) throws IOException;
    }

    /** Opens what is not on this machine. */
    @FunctionalInterface
    interface Finding {
        /** Empty if no such sealed file was ever seen. */
        Optional<SealedReader> find(UUID attachment) throws IOException;
    }

    /** What Orthanc would say that a file is. */
    @FunctionalInterface
    private interface ContentType {
        int of(FileSource file) throws IOException;
    }

    ClearDesk(
            ClearFiles clear,
            Arrival arrival,
            Path spool,
            SealedFiles local,
            SpareRoom room,
            Opening here,
            Finding there) {
        this.spool = spool;
        this.clear = clear;
        this.arrival = arrival;
        this.local = local;
        this.room = room;
        this.here = here;
        this.there = there;
    }

    /** Orthanc removed this attachment, and the journal knows: until {@code Forget.Grace} is over it is kept, but sealed. */
    void removed(Attachment attachment) {
        if (clear.has(attachment.uuid())) {
            removed.add(attachment);
        }
    }

    /** The next attachment with a clear file that Orthanc removed in this life of the process; empty if there is none. */
    public Optional<Attachment> nextRemoved() {
        return Optional.ofNullable(removed.poll());
    }

    /** Whether this attachment has a clear file. */
    public boolean isClear(UUID attachment) {
        return clear.has(attachment);
    }

    /** Tells of every clear file and its size, whether Orthanc's index knows it or not. */
    public void visit(ObjLongConsumer<UUID> each) throws IOException {
        clear.visit(each::accept);
    }

    /**
     * Seals the clear file, unless that was done before; compares; removes it.
     *
     * @return its bytes; empty if there is no such clear file (any more)
     * @throws StrongroomException FULL or UNAVAILABLE if it has to wait; CORRUPT if it cannot be read, or if the sealed file is not the
     *     same; REFUSED if it cannot be removed. It stays then
     */
    public OptionalLong seal(Attachment attachment) {
        return seal(attachment.uuid(), file -> attachment.contentType());
    }

    /** As {@link #seal(Attachment)}, of what Orthanc removed in an earlier life: nobody knows any more what it was. */
    public OptionalLong sealRemoved(UUID attachment) {
        return seal(attachment, ClearDesk::typeOf);
    }

    private OptionalLong seal(UUID uuid, ContentType type) {
        OptionalLong bytes;
        try (FileSource file = clear.open(uuid).orElse(null)) {
            if (file == null) {
                return OptionalLong.empty();
            }
            bytes = OptionalLong.of(file.size());
            FileTime written = clear.written(uuid);
            if (!isCompared(uuid, file)) {
                room.require(file.size());
                arrival.seal(new Attachment(uuid, type.of(file)), file, Optional.of(written), () -> true);
                if (!isCompared(uuid, file)) {
                    throw different(uuid);
                }
            }
        } catch (UnreadableFileException | AccessDeniedException | EOFException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a clear file cannot be read; it is kept")
                    .with("attachment", uuid)
                    .with("reason", e.getClass().getSimpleName())
                    .cure("Look at the disk that holds Orthanc's StorageDirectory: permissions, kernel log")
                    .causedBy(e);
        } catch (IOException e) {
            throw DiskFailures.of(spool, e, "a clear file could not be sealed to disk")
                    .with("attachment", uuid);
        }
        try {
            clear.remove(uuid);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.REFUSED, "a clear file is sealed, but cannot be removed")
                    .with("attachment", uuid)
                    .with("reason", e.getClass().getSimpleName())
                    .cure("Let the user that runs Orthanc write to StorageDirectory")
                    .causedBy(e);
        }
        return bytes;
    }

    /** An image that ends before its pixels must never be given back to Orthanc as the image. */
    private static int typeOf(ByteSource file) throws IOException {
        Optional<ByteSource> inflated = OrthancZlib.inflatedPrefix(file, PREFIX);
        Optional<DicomHeader> header = DicomHeader.read(inflated.orElse(file));
        if (header.isEmpty()) {
            return 0;
        }
        boolean hasImage = header.get().attributes().contains(Tag.Rows);
        boolean cut = hasImage && header.get().pixels().isEmpty();
        return cut ? Attachment.DICOM_UNTIL_PIXEL_DATA : Attachment.DICOM;
    }

    /**
     * Whether a sealed file is there, here or in a tier, and is the same.
     *
     * @throws StrongroomException CORRUPT if it is there and is not the same
     */
    private boolean isCompared(UUID attachment, ByteSource file) throws IOException {
        Optional<FileSource> whole = local.whole(attachment);
        if (whole.isPresent()) {
            try (FileSource sealed = whole.get()) {
                compare(attachment, here.open(attachment, sealed), file);
            }
            return true;
        }
        Optional<SealedReader> far = there.find(attachment);
        if (far.isPresent()) {
            compare(attachment, far.get(), file);
        }
        return far.isPresent();
    }

    private static void compare(UUID attachment, SealedReader sealed, ByteSource file) throws IOException {
        if (sealed.size() != file.size()) {
            throw different(attachment);
        }
        sealed.prove();
        sealed.copy(0, file.size(), (position, bytes, offset, length) -> {
            byte[] expected = file.read(position, length);
            if (!Arrays.equals(expected, 0, length, bytes, offset, offset + length)) {
                throw different(attachment);
            }
        });
    }

    private static StrongroomException different(UUID attachment) {
        return StrongroomException.of(
                        FailureKind.CORRUPT,
                        "a clear file and its sealed one are not the same; both stay where they are")
                .with("attachment", attachment)
                .cure("Look at both disks, and keep a copy of the clear file in StorageDirectory");
    }
}
