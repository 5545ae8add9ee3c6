package org.strongroom.plugin.seal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.codec.PixelData;

/** Attachments of every shape, sealed in memory under fixed ids, key and salt. */
final class Sealing {
    static final UUID INSTALLATION = new UUID(1, 1);
    static final UUID ATTACHMENT = new UUID(2, 2);
    static final UUID TENANT = new UUID(3, 3);
    static final UUID KEY_ID = new UUID(4, 4);
    static final Key32 KEY = Key32.of(new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 32
    });

    private Sealing() {}

    /** One attachment as Orthanc would give it, and what the DICOM reader would say of it. */
    static final class Shape {
        private final String name;
        private final byte[] plain;
        private final int headSize;
        private final PixelData pixels;

        Shape(String name, byte[] plain, int headSize, PixelData pixels) {
            this.name = name;
            this.plain = plain;
            this.headSize = headSize;
            this.pixels = pixels;
        }

        byte[] plain() {
            return plain;
        }

        int headSize() {
            return headSize;
        }

        PixelData pixels() {
            return pixels;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static SealRequest request(UUID attachment, ByteSource plain, long headSize, PixelData pixels) {
        Tag16 tag = new Tag16("sixteen bytes...".getBytes(StandardCharsets.US_ASCII));
        return new SealRequest(INSTALLATION, attachment, TENANT, KEY_ID, tag, 42, 1, plain, headSize, pixels);
    }

    static byte[] seal(Shape shape) throws IOException {
        return seal(ATTACHMENT, shape, EncodeEffort.IMAGE, new SecureRandom());
    }

    static byte[] seal(UUID attachment, Shape shape, EncodeEffort effort, SecureRandom random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SealRequest request = request(attachment, ByteSource.of(shape.plain), shape.headSize, shape.pixels);
        Sealed sealed = new Sealer(random).seal(request, KEY, Channels.newChannel(out), effort);
        byte[] bytes = out.toByteArray();
        if (sealed.size() != bytes.length) {
            throw new AssertionError("said " + sealed.size() + ", wrote " + bytes.length);
        }
        return bytes;
    }

    static SealedReader open(ByteSource sealed) throws IOException {
        return SealedReader.open(sealed, INSTALLATION, ATTACHMENT, Sealing::key);
    }

    static Key32 key(UUID id) {
        if (!id.equals(KEY_ID)) {
            throw new AssertionError("asked for key " + id);
        }
        return KEY;
    }

    static Shape opaque(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Arrays.fill(bytes, length / 2, length, (byte) 'x');
        return new Shape("opaque " + length, bytes, 0, null);
    }

    /** A file with head, element header, frames and something after them. */
    static Shape image(ImageLayout layout, int rows, int frames, int headSize, int trailer) {
        long frameBytes = (long) rows * layout.rowBytes();
        int pixelBytes = Math.toIntExact(frames * frameBytes);
        int pixelStart = headSize + 12;
        byte[] plain = new byte[pixelStart + pixelBytes + trailer];
        Random random = new Random(pixelBytes);
        for (int i = 0; i < headSize; i++) {
            plain[i] = (byte) (i % 20);
        }
        for (int i = 0; i < pixelBytes; i++) {
            boolean low =
                    layout.bigEndian() ? i % layout.wordBytes() == layout.wordBytes() - 1 : i % layout.wordBytes() == 0;
            plain[pixelStart + i] = (byte) (low ? 100 * Math.sin(i / 999.0) + random.nextInt(8) : 3);
        }
        for (int i = pixelStart + pixelBytes; i < plain.length; i++) {
            plain[i] = (byte) i;
        }
        String name = layout + " × " + rows + " × " + frames + ", head " + headSize + ", trailer " + trailer;
        return new Shape(name, plain, headSize, new PixelData(pixelStart, pixelBytes, frameBytes, layout));
    }
}
