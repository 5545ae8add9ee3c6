package org.strongroom.plugin.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.SealedFiles;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.seal.SealRequest;
import org.strongroom.plugin.seal.SealedReader;
import org.strongroom.plugin.seal.Sealer;

/**
 * The first image of the day does not wait for the JIT: drawn slices are sealed into a spool of their own and read from it before it
 * comes, on the ways that Orthanc's own images take, from the header to the fsync.
 */
public final class WarmUp {
    private static final Logger LOG = System.getLogger(WarmUp.class.getName());
    private static final String PREFIX = "warm-up";
    private static final String OURS = PREFIX + "-" + UUID.randomUUID() + "-";
    private static final int SLICES = 20;
    private static final int RANGE = 1024;

    private final byte[] slice = DrawnSlice.bytes();
    private final Attachment attachment = new Attachment(UUID.randomUUID(), Attachment.DICOM);
    private final UUID installation = UUID.randomUUID();
    private final SecureRandom random = new SecureRandom();
    private final Sealer sealer = new Sealer(random);
    private final SpoolWriter spool;
    private final SealedFiles local;
    private final WholeRead whole = new WholeRead(attachment, slice.length);

    private WarmUp(Home home) {
        spool = new SpoolWriter(home, Optional.empty());
        local = new SealedFiles(home);
    }

    /**
     * Does it beside the rest of the start: the first images would find cold code slow, and waiting for it slower. What the start
     * needed once, 64 MiB for the passphrase above all, goes back to the machine at its end.
     *
     * @param folder as {@link #run}'s
     */
    public static void begin(Path folder) {
        Runnable work = () -> {
            try {
                run(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            System.gc();
        };
        Thread thread = new Thread(work, "strongroom-warm-up");
        thread.setUncaughtExceptionHandler((warmer, e) -> LOG.log(Level.ERROR, "The warm-up failed", e));
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Seals and opens some slices, and proves at start-up that cipher and codecs work here. Takes some seconds of one core.
     *
     * @param folder of this process and those before it; a folder of its own is made there, and is gone afterwards
     * @throws StrongroomException BUG or CORRUPT if they do not
     * @throws UnsatisfiedLinkError if zstd's native library cannot be loaded
     * @throws IOException if a file cannot be written or read
     */
    public static void run(Path folder) throws IOException {
        deleteStale(folder);
        Cobblestone.warmUp();
        // The warm-up of the start before, in the same process, may still run.
        Path own = Files.createTempDirectory(folder, OURS);
        try {
            WarmUp warmUp = new WarmUp(new Home(own));
            for (int i = 0; i < SLICES; i++) {
                Key32 key = Key32.random(warmUp.random);
                warmUp.seal(key);
                warmUp.open(key);
            }
        } finally {
            delete(own);
        }
    }

    /**
     * Sends a drawn slice through a storage area that has nobody's images: it is stored, read as a whole, and removed.
     *
     * @throws StrongroomException BUG if something else is read
     */
    public static void through(SealedStorage storage) throws IOException {
        byte[] slice = DrawnSlice.bytes();
        Attachment attachment = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        storage.create(attachment, ByteSource.of(slice), () -> true);
        WholeRead whole = new WholeRead(attachment, slice.length);
        storage.read(whole);
        require(slice, whole.content().read(0, slice.length), 0);
        storage.remove(attachment);
    }

    private void seal(Key32 key) throws IOException {
        ByteSource plain = ByteSource.of(slice);
        ContentFacts facts = DicomHeader.read(plain).map(ContentFacts::of).orElse(ContentFacts.NOTHING);
        if (facts.identity().isEmpty()) {
            throw StrongroomException.of(FailureKind.BUG, "a DICOM file is not read");
        }
        SealRequest request = new SealRequest(
                installation,
                attachment.uuid(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                Tag16.NONE,
                facts.instanceNumber(),
                attachment.contentType(),
                plain,
                facts.headSize(),
                facts.pixels());
        spool.write(
                attachment.uuid(),
                channel -> sealer.seal(request, key, channel, EncodeEffort.IMAGE),
                Optional.empty(),
                () -> true,
                () -> {});
    }

    private void open(Key32 key) throws IOException {
        for (int from : List.of(0, RANGE, slice.length / 2)) {
            try (FileSource sealed = local.whole(attachment.uuid()).orElseThrow()) {
                SealedReader reader = SealedReader.open(sealed, installation, attachment.uuid(), id -> key);
                reader.prove();
                if (from == 0) {
                    Reading.of(reader, whole);
                    require(slice, whole.content().read(0, slice.length), from);
                } else {
                    require(slice, reader.read(from, RANGE), from);
                }
            }
        }
    }

    private static void require(byte[] slice, byte[] found, int from) {
        if (!Arrays.equals(slice, from, from + found.length, found, 0, found.length)) {
            throw StrongroomException.of(FailureKind.BUG, "sealing does not give back what it sealed");
        }
    }

    /** What processes left that were killed. */
    private static void deleteStale(Path folder) throws IOException {
        try (DirectoryStream<Path> stale = Files.newDirectoryStream(folder, WarmUp::isStale)) {
            for (Path each : stale) {
                delete(each);
            }
        }
    }

    private static boolean isStale(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(PREFIX) && !name.startsWith(OURS);
    }

    /** The deepest first; another start may be deleting the same. */
    private static void delete(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            List<Path> inside;
            try (Stream<Path> children = Files.list(file)) {
                inside = children.toList();
            } catch (NoSuchFileException e) {
                return;
            }
            for (Path child : inside) {
                delete(child);
            }
        }
        Files.deleteIfExists(file);
    }
}
