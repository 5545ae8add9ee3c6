package org.strongroom.plugin.seal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.codec.PixelData;

/** The first image of the day does not wait for the JIT: synthetic slices are sealed and opened before it comes. */
public final class WarmUp {
    private static final int SLICES = 20;
    private static final int HEAD = 2048;
    private static final int COLUMNS = 512;

    private WarmUp() {}

    /**
     * Seals and opens some slices, and proves at start-up that cipher and codecs work here. Takes some seconds of one core.
     *
     * @throws StrongroomException BUG or CORRUPT if they do not
     * @throws UnsatisfiedLinkError if zstd's native library cannot be loaded
     */
    public static void run() {
        Cobblestone.warmUp();
        ImageLayout layout = new ImageLayout(2, true, false, 1, COLUMNS);
        byte[] slice = new byte[HEAD + COLUMNS * layout.rowBytes()];
        for (int i = HEAD; i < slice.length; i += 2) {
            slice[i] = (byte) ((i / 64) ^ (i / 4096));
        }
        PixelData pixels = new PixelData(HEAD, slice.length - HEAD, slice.length - HEAD, layout);
        SecureRandom random = new SecureRandom();
        Sealer sealer = new Sealer(random);
        for (int i = 0; i < SLICES; i++) {
            if (!Arrays.equals(slice, sealAndOpen(sealer, slice, pixels, Key32.random(random)))) {
                throw StrongroomException.of(FailureKind.BUG, "sealing does not give back what it sealed");
            }
        }
    }

    private static byte[] sealAndOpen(Sealer sealer, byte[] slice, PixelData pixels, Key32 key) {
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
        try {
            ByteArrayOutputStream sealed = new ByteArrayOutputStream();
            sealer.seal(request, key, Channels.newChannel(sealed), EncodeEffort.IMAGE);
            return SealedReader.open(ByteSource.of(sealed.toByteArray()), installation, attachment, id -> key)
                    .read(0, slice.length);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to be written", e);
        }
    }
}
