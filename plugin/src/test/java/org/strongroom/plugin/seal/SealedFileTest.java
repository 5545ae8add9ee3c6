package org.strongroom.plugin.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.strongroom.plugin.seal.Sealing.image;
import static org.strongroom.plugin.seal.Sealing.opaque;

import java.io.EOFException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.codec.PixelData;
import org.strongroom.plugin.seal.Sealing.Shape;

/** What is sealed comes back, whole and in ranges, and is never much larger. */
class SealedFileTest {
    static List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        for (int length : new int[] {0, 1, 2, 16_383, 16_384, 16_385, 300_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1}) {
            shapes.add(opaque(length));
        }
        shapes.add(image(new ImageLayout(2, true, false, 1, 512), 512, 1, 2000, 0));
        shapes.add(image(new ImageLayout(2, false, false, 1, 333), 77, 1, 900, 1));
        shapes.add(image(new ImageLayout(2, false, true, 1, 128), 128, 30, 5000, 10));
        shapes.add(image(new ImageLayout(2, true, false, 1, 1000), 900, 2, 128, 0));
        shapes.add(image(new ImageLayout(1, false, false, 3, 640), 480, 3, 1000, 0));
        shapes.add(image(new ImageLayout(1, false, false, 1, 101), 99, 3, 1000, 1));
        shapes.add(image(new ImageLayout(4, false, false, 1, 50), 40, 12, 1000, 0));
        shapes.add(image(new ImageLayout(4, true, true, 2, 31), 3, 1, 40_000, 200_000));
        shapes.add(image(new ImageLayout(2, false, false, 4, 1), 1, 1, 0, 0));
        byte[] cut = Arrays.copyOf(
                image(new ImageLayout(2, true, false, 1, 512), 512, 1, 2000, 0).plain(), 100_001);
        PixelData promised = new PixelData(2012, 512 * 512 * 2, 512 * 512 * 2, new ImageLayout(2, true, false, 1, 512));
        shapes.add(new Shape("cut short", cut, 2000, promised));
        shapes.add(new Shape("only a head", cut, cut.length, null));
        shapes.add(new Shape("pixels in the head", cut, 50_000, promised));
        shapes.add(new Shape("no pixel there", Arrays.copyOf(cut, 2012), 2000, promised));
        byte[] longHead = new byte[SealedHeader.MAX_HEAD_SIZE + 70_000];
        shapes.add(new Shape(
                "head too long",
                longHead,
                longHead.length - 65_536,
                new PixelData(longHead.length - 65_536, 65_536, 1024, new ImageLayout(2, false, false, 1, 512))));
        return shapes;
    }

    static Stream<Shape> eachShape() {
        return shapes().stream();
    }

    @ParameterizedTest
    @MethodSource("eachShape")
    void comesBackWholeWithEveryEffort(Shape shape) throws IOException {
        for (EncodeEffort effort : EncodeEffort.values()) {
            byte[] sealed = Sealing.seal(Sealing.ATTACHMENT, shape, effort, new SecureRandom());
            SealedReader reader = Sealing.open(ByteSource.of(sealed));
            assertThat(reader.size()).isEqualTo(shape.plain().length);
            byte[] back = reader.read(0, shape.plain().length);
            assertThat(Arrays.equals(back, shape.plain())).isTrue();
            reader.verify();
            assertThat(sealed.length).isLessThanOrEqualTo(shape.plain().length / 100 + shape.plain().length + 512);
        }
    }

    @ParameterizedTest
    @MethodSource("eachShape")
    void anyRangeComesBack(Shape shape) throws IOException {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        SealedReader reader = Sealing.open(ByteSource.of(Sealing.seal(shape)));
        byte[] plain = shape.plain();
        for (int i = 0; i < 25; i++) {
            int from = random.nextInt(plain.length + 1);
            int length = random.nextInt(plain.length - from + 1);
            length = i % 2 == 0 ? length : Math.min(length, random.nextInt(3000));
            byte[] target = new byte[length + 2];
            reader.read(from, target, 1, length);
            assertThat(Arrays.equals(target, 1, 1 + length, plain, from, from + length))
                    .as("%d bytes from %d", length, from)
                    .isTrue();
            assertThat(target[0] | target[length + 1]).isZero();
        }
        for (int from : new int[] {shape.headSize() - 1, shape.headSize(), shape.headSize() + 12, plain.length - 1}) {
            if (from >= 0 && from < plain.length) {
                assertThat(reader.read(from, 1)).containsExactly(plain[from]);
            }
        }
        assertThatThrownBy(() -> reader.read(plain.length, new byte[1], 0, 1)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> reader.read(-1, new byte[1], 0, 1)).isInstanceOf(EOFException.class);
    }

    @Test
    void copiesInOrderAndInSmallPieces() throws IOException {
        Shape shape = image(new ImageLayout(2, true, false, 1, 512), 512, 20, 3000, 7);
        SealedReader reader = Sealing.open(ByteSource.of(Sealing.seal(shape)));
        long[] next = {0};
        reader.copy(100, shape.plain().length - 200, (position, bytes, offset, length) -> {
            assertThat(position).isEqualTo(next[0]);
            assertThat(length).isBetween(1, 1 << 20);
            int at = 100 + (int) position;
            assertThat(Arrays.equals(bytes, offset, offset + length, shape.plain(), at, at + length))
                    .isTrue();
            next[0] += length;
        });
        assertThat(next[0]).isEqualTo(shape.plain().length - 200);
    }

    @Test
    void imagesShrink() throws IOException {
        Shape shape = image(new ImageLayout(2, true, false, 1, 512), 512, 1, 2000, 0);
        assertThat(Sealing.seal(shape)).hasSizeLessThan(shape.plain().length / 2);
        assertThat(SealedReader.readHeader(ByteSource.of(Sealing.seal(shape))).imageLayout())
                .isEqualTo(shape.pixels().layout());
    }

    @Test
    void headerSaysWhatWasAsked() throws IOException {
        Shape shape = image(new ImageLayout(2, true, false, 1, 64), 64, 1, 2000, 0);
        SealedHeader header = Sealing.open(ByteSource.of(Sealing.seal(shape))).header();
        SealRequest request = Sealing.request(Sealing.ATTACHMENT, ByteSource.of(shape.plain()), 2000, shape.pixels());
        assertThat(header.installation()).isEqualTo(request.installation());
        assertThat(header.attachment()).isEqualTo(request.attachment());
        assertThat(header.tenant()).isEqualTo(request.tenant());
        assertThat(header.key()).isEqualTo(request.keyId());
        assertThat(header.seriesTag()).isEqualTo(request.seriesTag());
        assertThat(header.order()).isEqualTo(42);
        assertThat(header.contentType()).isEqualTo(1);
        assertThat(header.plainSize()).isEqualTo(shape.plain().length);
        assertThat(header.headPlainSize()).isEqualTo(2000);
    }
}
