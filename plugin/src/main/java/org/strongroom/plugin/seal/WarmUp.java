package org.strongroom.plugin.seal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.codec.PixelData;

/**
 * The first image of the day does not wait for the JIT: synthetic slices are sealed to a file and read from it before it comes, on the
 * ways that Orthanc's own reads take.
 */
public final class WarmUp {
    private static final String PREFIX = "warm-up";
    private static final String OURS = PREFIX + "-" + UUID.randomUUID() + "-";
    private static final int SLICES = 20;
    private static final int HEAD = 2048;
    private static final int COLUMNS = 512;

    private WarmUp() {}

    /**
     * Seals and opens some slices, and proves at start-up that cipher and codecs work here. Takes some seconds of one core.
     *
     * @param folder of this process and those before it; a file of its own is written there, and is gone afterwards
     * @throws StrongroomException BUG or CORRUPT if they do not
     * @throws UnsatisfiedLinkError if zstd's native library cannot be loaded
     * @throws IOException if the file cannot be written or read
     */
    public static void run(Path folder) throws IOException {
        deleteStale(folder);
        Cobblestone.warmUp();
        ImageLayout layout = new ImageLayout(2, true, false, 1, COLUMNS);
        byte[] slice = new byte[HEAD + COLUMNS * layout.rowBytes()];
        for (int i = HEAD; i < slice.length; i += 2) {
            slice[i] = (byte) ((i / 64) ^ (i / 4096));
        }
        PixelData pixels = new PixelData(HEAD, slice.length - HEAD, slice.length - HEAD, layout);
        // The warm-up of the start before, in the same process, may still run.
        Path file = Files.createTempFile(folder, OURS, ".tmp");
        try {
            SecureRandom random = new SecureRandom();
            Sealer sealer = new Sealer(random);
            for (int i = 0; i < SLICES; i++) {
                sealAndOpen(sealer, slice, pixels, Key32.random(random), file);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** What processes left that were killed. */
    private static void deleteStale(Path folder) throws IOException {
        try (DirectoryStream<Path> stale = Files.newDirectoryStream(folder, WarmUp::isStale)) {
            for (Path file : stale) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean isStale(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(PREFIX) && !name.startsWith(OURS);
    }

    private static void sealAndOpen(Sealer sealer, byte[] slice, PixelData pixels, Key32 key, Path file)
            throws IOException {
        UUID installation = UUID.randomUUID();
        UUID attachment = UUID.randomUUID();
        SealRequest request = new SealRequest(
                installation,
                attachment,
                UUID.randomUUID(),
                UUID.randomUUID(),
                Tag16.NONE,
                1,
                1,
                ByteSource.of(slice),
                HEAD,
                pixels);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            sealer.seal(request, key, channel, EncodeEffort.IMAGE);
        }
        for (int from : new int[] {0, HEAD / 2, HEAD, slice.length / 2}) {
            int to = from == 0 ? slice.length : Math.min(slice.length, from + HEAD / 2);
            try (FileSource sealed = FileSource.open(file)) {
                SealedReader reader = SealedReader.open(sealed, installation, attachment, id -> key);
                reader.prove();
                reader.copy(from, to - from, (position, bytes, offset, length) -> {
                    int at = from + (int) position;
                    if (!Arrays.equals(slice, at, at + length, bytes, offset, offset + length)) {
                        throw StrongroomException.of(FailureKind.BUG, "sealing does not give back what it sealed");
                    }
                });
            }
        }
    }
}
