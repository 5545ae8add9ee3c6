package org.strongroom.plugin.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.strongroom.plugin.seal.Sealing.image;
import static org.strongroom.plugin.seal.Sealing.opaque;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.seal.Sealing.Shape;

/** A sealed file that somebody changed, cut, mixed or renamed does not open. */
class SealedAttackTest {
    private static final Shape SMALL = image(new ImageLayout(2, true, false, 1, 8), 4, 1, 60, 3);
    private static final List<Shape> SMALL_ONES = List.of(SMALL, opaque(0), opaque(1), opaque(40));

    private static byte[] readAll(byte[] sealed) throws IOException {
        SealedReader reader =
                SealedReader.open(ByteSource.of(sealed), Sealing.INSTALLATION, Sealing.ATTACHMENT, id -> Sealing.KEY);
        return reader.read(0, (int) Math.min(reader.size(), 1 << 20));
    }

    @Test
    void noFlippedBitOpens() throws IOException {
        for (Shape shape : SMALL_ONES) {
            byte[] sealed = Sealing.seal(shape);
            for (int bit = 0; bit < 8 * sealed.length; bit++) {
                byte[] changed = sealed.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                assertCorrupt(() -> readAll(changed));
            }
        }
    }

    @Test
    void noFlippedBitOfALargeFileOpens() throws IOException {
        byte[] sealed = Sealing.seal(image(new ImageLayout(2, true, false, 1, 512), 512, 1, 3000, 10));
        Random random = new Random(6);
        for (int i = 0; i < 200; i++) {
            byte[] changed = sealed.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            assertCorrupt(() -> readAll(changed));
        }
    }

    @Test
    void noTruncationAndNoExtensionOpens() throws IOException {
        for (Shape shape : SMALL_ONES) {
            byte[] sealed = Sealing.seal(shape);
            for (int length = 0; length < sealed.length; length++) {
                byte[] cut = Arrays.copyOf(sealed, length);
                assertCorrupt(() -> readAll(cut));
            }
            for (int more : new int[] {1, 16, 17, 16_400}) {
                byte[] longer = Arrays.copyOf(sealed, sealed.length + more);
                assertCorrupt(() -> readAll(longer));
            }
        }
    }

    @Test
    void headsAndBodiesDoNotMix() throws IOException {
        byte[] one = Sealing.seal(SMALL);
        byte[] other = Sealing.seal(SMALL); // the same attachment, ids and key: a salt apart
        UUID another = new UUID(9, 9);
        byte[] third = Sealing.seal(another, SMALL, EncodeEffort.IMAGE, new SecureRandom());
        int head = SealedReader.readHeader(ByteSource.of(one)).size();
        int body = (int) SealedReader.readHeader(ByteSource.of(one)).headPieceSize();
        // Two sealings of one attachment are equally genuine, so their pieces fit each other;
        assertThat(readAll(join(one, body, other))).isEqualTo(SMALL.plain());
        // those of two attachments do not.
        assertCorrupt(() -> readAll(join(one, body, third)));
        assertCorrupt(() -> readAll(join(one, head, third)));
        assertCorrupt(() -> readAll(join(join(one, head, third), body, one)));
    }

    @Test
    void theHeadMessageIsNoBody() throws IOException {
        Shape same = new Shape("head like body", new byte[200], 100, null);
        byte[] sealed = Sealing.seal(same);
        SealedHeader header = SealedReader.readHeader(ByteSource.of(sealed));
        int size = header.size();
        int body = (int) header.headPieceSize();
        ByteSource headMessage = ByteSource.of(Arrays.copyOfRange(sealed, size, body));
        SealedReader swapped = SealedReader.of(header, ByteSource.of(sealed).slice(0, body), headMessage, Sealing::key);
        assertCorrupt(() -> swapped.read(150, 1));
    }

    @Test
    void aRenamedOrForeignFileDoesNotOpen() throws IOException {
        ByteSource sealed = ByteSource.of(Sealing.seal(SMALL));
        assertCorrupt(() -> SealedReader.open(sealed, Sealing.INSTALLATION, new UUID(9, 9), Sealing::key));
        assertCorrupt(() -> SealedReader.open(sealed, new UUID(9, 9), Sealing.ATTACHMENT, Sealing::key));
        assertThat(Sealing.open(sealed).read(0, SMALL.plain().length)).isEqualTo(SMALL.plain());
    }

    @Test
    void aRelabelledFileDoesNotOpen() throws IOException {
        byte[] sealed = Sealing.seal(SMALL);
        SealedHeader header = SealedReader.readHeader(ByteSource.of(sealed));
        SealedHeader relabelled = new SealedHeader(
                header.installation(),
                header.attachment(),
                header.tenant(),
                header.key(),
                header.seriesTag(),
                header.order() + 1,
                header.contentType(),
                header.plainSize(),
                header.headPlainSize(),
                header.headStoredSize(),
                header.headCodec(),
                header.imageLayout());
        System.arraycopy(relabelled.encode(), 0, sealed, 0, header.size());
        assertCorrupt(() -> readAll(sealed));
    }

    @Test
    void aHeadPieceOfAnotherHeaderDoesNotOpen() throws IOException {
        byte[] sealed = Sealing.seal(SMALL);
        SealedHeader header = SealedReader.readHeader(ByteSource.of(sealed));
        byte[] piece = Arrays.copyOf(sealed, (int) header.headPieceSize());
        piece[91] ^= 1; // order in the series
        SealedReader reader = SealedReader.of(header, ByteSource.of(piece), ByteSource.of(new byte[0]), Sealing::key);
        assertCorrupt(reader::head);
    }

    @Test
    void theWrongKeyOpensNothing() throws IOException {
        byte[] sealed = Sealing.seal(SMALL);
        SealedReader reader = SealedReader.open(
                ByteSource.of(sealed), Sealing.INSTALLATION, Sealing.ATTACHMENT, id -> Key32.of(new byte[32]));
        assertCorrupt(reader::head);
        assertCorrupt(() -> reader.read(70, 1));
        assertCorrupt(() -> reader.checkBodyChunk(0));
    }

    private static byte[] join(byte[] first, int at, byte[] second) {
        byte[] joined = second.clone();
        System.arraycopy(first, 0, joined, 0, at);
        return joined;
    }

    private static void assertCorrupt(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureKind.CORRUPT));
    }
}
