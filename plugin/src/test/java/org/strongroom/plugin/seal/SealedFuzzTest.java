package org.strongroom.plugin.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.HeadCodec;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.core.io.ByteSource;

/** Sealed files as nobody sealed them: what opens is what was sealed; and codecs on bytes that nobody encoded. */
class SealedFuzzTest {
    private static final ImageLayout LAYOUT = new ImageLayout(2, true, false, 1, 40);

    private static byte[] golden(String effort) throws IOException {
        try (InputStream in = SealedFuzzTest.class.getResourceAsStream("sealed-v1-" + effort + ".strg")) {
            return in.readAllBytes();
        }
    }

    @Test
    void sealedFile() throws Exception {
        byte[] plain = GoldenFileTest.attachment().plain();
        Fuzz.of("sealed-file")
                .refuses(FailureKind.CORRUPT)
                .drawn("image", golden("IMAGE"))
                .drawn("shuffle", golden("SHUFFLE"))
                .drawn("zstd", golden("ZSTD"))
                .run(input -> {
                    SealedReader reader = SealedReader.open(
                            ByteSource.of(input), Sealing.INSTALLATION, Sealing.ATTACHMENT, id -> Sealing.KEY);
                    attempt(() -> assertThat(reader.head()).isEqualTo(Arrays.copyOf(plain, 300)));
                    attempt(() -> reader.checkBodyChunk(reader.bodyChunks() - 1));
                    attempt(() -> reader.read(700, new byte[10], 0, 10));
                    reader.prove();
                    assertThat(reader.size()).isEqualTo(plain.length);
                    assertThat(reader.read(0, (int) reader.size())).isEqualTo(plain);
                    reader.verify();
                });
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void attempt(Step step) throws IOException {
        try {
            step.run();
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
        } catch (EOFException e) {
            assertThat(e).hasMessage("range leaves the attachment"); // by a size that nothing has proven yet
        }
    }

    /** Blocks, tables and heads that open and are no encoder's: plain size (8) ‖ head size (2) ‖ stored head size (2) ‖ head ‖ body. */
    @Test
    void whatWasSealedByNobodyWeKnow() throws Exception {
        Fuzz.of("sealed-content")
                .refuses(FailureKind.CORRUPT)
                .memory(64 << 20)
                .drawn("image", opened("IMAGE"))
                .drawn("shuffle", opened("SHUFFLE"))
                .drawn("zstd", opened("ZSTD"))
                .run(input -> {
                    if (input.length < 12) {
                        return;
                    }
                    ByteBuffer in = ByteBuffer.wrap(input);
                    long size = in.getLong() & 0x1FFFFFF;
                    int head = (int) Math.min(size, Short.toUnsignedInt(in.getShort()));
                    int stored = Math.min(head, Math.min(in.remaining() - 2, Short.toUnsignedInt(in.getShort())));
                    byte[] headContent = new byte[Math.max(0, stored)];
                    in.get(headContent);
                    byte[] body = new byte[in.remaining()];
                    in.get(body);
                    read(sealed(size, head, headContent, body));
                });
    }

    private static void read(byte[] sealed) throws IOException {
        SealedReader reader =
                SealedReader.open(ByteSource.of(sealed), Sealing.INSTALLATION, Sealing.ATTACHMENT, id -> Sealing.KEY);
        attempt(reader::head);
        long[] read = new long[1];
        reader.copy(0, reader.size(), (position, bytes, offset, length) -> {
            assertThat(position).isEqualTo(read[0]);
            read[0] += length;
        });
        assertThat(read[0]).isEqualTo(reader.size());
    }

    private static byte[] sealed(long size, int head, byte[] headContent, byte[] body) {
        SealedHeader header = new SealedHeader(
                Sealing.INSTALLATION,
                Sealing.ATTACHMENT,
                Sealing.TENANT,
                Sealing.KEY_ID,
                Tag16.NONE,
                0,
                1,
                size,
                head,
                headContent.length,
                HeadCodec.ZSTD,
                LAYOUT);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(header.encode());
        if (head > 0) {
            file.writeBytes(Cobblestone.seal(Sealing.KEY, Contexts.head(header), headContent));
        }
        file.writeBytes(Cobblestone.seal(Sealing.KEY, Contexts.body(header), body));
        return file.toByteArray();
    }

    private static byte[] opened(String effort) throws IOException {
        byte[] file = golden(effort);
        SealedHeader header = SealedReader.readHeader(ByteSource.of(file));
        int bodyStart = (int) header.headPieceSize();
        byte[] head = Cobblestone.open(
                Sealing.KEY, Contexts.head(header), Arrays.copyOfRange(file, header.size(), bodyStart));
        byte[] body =
                Cobblestone.open(Sealing.KEY, Contexts.body(header), Arrays.copyOfRange(file, bodyStart, file.length));
        return ByteBuffer.allocate(12 + head.length + body.length)
                .putLong(header.plainSize())
                .putShort((short) header.headPlainSize())
                .putShort((short) head.length)
                .put(head)
                .put(body)
                .array();
    }
}
