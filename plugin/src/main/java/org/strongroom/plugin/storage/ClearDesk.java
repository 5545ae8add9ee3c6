package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.DiskFailures;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.Attachment;

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
    private final SealedTwin twin;
    private final SpareRoom room;
    private final Queue<Attachment> removed = new ConcurrentLinkedQueue<>();

    /** What Orthanc would say that a file is. */
    @FunctionalInterface
    private interface ContentType {
        int of(ByteSource file) throws IOException;
    }

    ClearDesk(ClearFiles clear, Arrival arrival, Path spool, SealedTwin twin, SpareRoom room) {
        this.clear = clear;
        this.arrival = arrival;
        this.spool = spool;
        this.twin = twin;
        this.room = room;
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

    /** Another text when anything about the clear file changed; empty if it cannot be told. */
    public String stamp(UUID attachment) {
        return clear.stamp(attachment);
    }

    /** Tells of every clear file and its size, whether Orthanc's index knows it or not. */
    public void visit(ObjLongConsumer<UUID> each) throws IOException {
        clear.visit(each::accept);
    }

    /**
     * Seals the clear file, unless that was done before; compares; removes it.
     *
     * @param md5 what Orthanc's index says of its bytes, in hexadecimal digits; empty if it says nothing
     * @return its bytes; empty if there is no such clear file (any more)
     * @throws StrongroomException FULL or UNAVAILABLE if it has to wait; CORRUPT if it cannot be read, is not what the index says, or if the
     *     sealed file is not the same; REFUSED if it cannot be removed. It stays then
     */
    public OptionalLong seal(Attachment attachment, String md5) {
        return seal(attachment.uuid(), file -> {
            requireGenuine(attachment, file, md5);
            return attachment.contentType();
        });
    }

    /** As {@link #seal}, of what Orthanc removed in this life of the process. */
    public OptionalLong sealRemoved(Attachment attachment) {
        return seal(attachment.uuid(), file -> attachment.contentType());
    }

    /** As {@link #seal}, of what Orthanc removed in an earlier life: nobody knows any more what it was. */
    public OptionalLong sealRemoved(UUID attachment) {
        return seal(attachment, ClearDesk::typeOf);
    }

    private OptionalLong seal(UUID uuid, ContentType type) {
        OptionalLong bytes;
        try (ClearSource file = ClearSource.open(clear, uuid).orElse(null)) {
            if (file == null) {
                return OptionalLong.empty();
            }
            if (!clear.isRemovable(uuid)) {
                throw stays(uuid);
            }
            bytes = OptionalLong.of(file.size());
            if (!twin.isThere(uuid, file)) {
                room.require(file.size());
                Attachment attachment = new Attachment(uuid, type.of(file));
                arrival.seal(
                        attachment,
                        ArrivalContext.UNKNOWN,
                        file,
                        Optional.of(written(uuid)),
                        () -> true,
                        () -> {}); // Orthanc has it, and it is tried again under this name
                if (!twin.isThere(uuid, file)) {
                    throw StrongroomException.of(FailureKind.CORRUPT, "a clear file was sealed, and that did not last")
                            .with("attachment", uuid)
                            .cure("Look at the disk that holds Strongroom.Home: kernel log");
                }
            }
        } catch (ClearFileException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a clear file cannot be read; it is kept")
                    .with("attachment", uuid)
                    .with("reason", e.getCause().getClass().getSimpleName())
                    .cure("Look at the disk that holds Orthanc's StorageDirectory: permissions, kernel log")
                    .causedBy(e);
        } catch (IOException e) {
            throw DiskFailures.ofWrite(spool, e, "a clear file could not be sealed to disk")
                    .with("attachment", uuid);
        }
        try {
            clear.remove(uuid);
        } catch (IOException e) {
            throw stays(uuid).with("reason", e.getClass().getSimpleName()).causedBy(e);
        }
        return bytes;
    }

    private FileTime written(UUID attachment) throws IOException {
        try {
            return clear.written(attachment);
        } catch (IOException e) {
            throw new ClearFileException(e);
        }
    }

    private static StrongroomException stays(UUID attachment) {
        return StrongroomException.of(FailureKind.REFUSED, "a clear file cannot be removed")
                .with("attachment", attachment)
                .cure("Let the user that runs Orthanc write to StorageDirectory");
    }

    /** What has rotted must not be sealed as if it were whole, and its only trace, the difference, be gone. */
    private static void requireGenuine(Attachment attachment, ByteSource file, String md5) throws IOException {
        if (!md5.isEmpty() && !md5.equalsIgnoreCase(md5(file))) {
            throw StrongroomException.of(
                            FailureKind.CORRUPT, "a clear file is not what Orthanc's index says; it is kept")
                    .with("attachment", attachment.uuid())
                    .cure(
                            "Look at the disk that holds Orthanc's StorageDirectory, and put the file of a backup in its place");
        }
    }

    private static String md5(ByteSource file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("MD5"); // what Orthanc keeps
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
        byte[] piece = new byte[(int) Math.min(PREFIX, file.size())];
        for (long done = 0; done < file.size(); ) {
            int count = (int) Math.min(piece.length, file.size() - done);
            file.read(done, piece, 0, count);
            digest.update(piece, 0, count);
            done += count;
        }
        return HexFormat.of().formatHex(digest.digest());
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
}
