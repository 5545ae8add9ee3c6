package org.strongroom.plugin.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.format.v1.ImageLayout;

class BlockEncoderTest {
    private static final ImageLayout CT = new ImageLayout(2, true, false, 1, 256);
    private final BlockEncoder encoder = new BlockEncoder();
    private final BlockDecoder decoder = new BlockDecoder();

    private byte[] comesBack(byte[] plain, ImageLayout layout, EncodeEffort effort) {
        BlockCodec codec = encoder.encode(plain, plain.length, layout, effort);
        assertThat(encoder.storedLength()).isLessThanOrEqualTo(plain.length);
        byte[] stored = Arrays.copyOf(encoder.stored(), encoder.storedLength());
        byte[] back = new byte[plain.length];
        decoder.decode(codec, stored, 0, stored.length, back, 0, back.length, layout);
        assertThat(back).as("%s of %s", codec, layout).isEqualTo(plain);
        return stored;
    }

    @Test
    void everyLayoutComesBackWithEveryEffort() {
        Random random = new Random(2);
        for (ImageLayout layout : PlanesTest.allLayouts()) {
            byte[] noise = new byte[20 * layout.rowBytes()];
            random.nextBytes(noise);
            byte[] smooth = new byte[20 * layout.rowBytes()];
            for (int i = 0; i < smooth.length; i++) {
                smooth[i] = (byte) (i >> 6);
            }
            for (EncodeEffort effort : EncodeEffort.values()) {
                comesBack(noise, layout, effort);
                comesBack(smooth, layout, effort);
            }
        }
    }

    @Test
    void aCodecThatBreaksCostsItsGainAndNotTheBlock() {
        byte[] slice = slice(256, 256);
        BlockEncoder unproven = new BlockEncoder((codec, stored, from, size, plain, to, length, layout) -> {
            throw new ArrayIndexOutOfBoundsException(size);
        });
        assertThat(unproven.encode(slice, slice.length, CT, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.STORE);
        assertThat(unproven.stored()).isSameAs(slice);
        assertThat(unproven.storedLength()).isEqualTo(slice.length);

        int halfARow = slice.length - CT.rowBytes() / 2;
        assertThat(encoder.encode(slice, halfARow, CT, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.STORE);
        assertThat(encoder.storedLength()).isEqualTo(halfARow);
        comesBack(slice, CT, EncodeEffort.IMAGE);
    }

    @Test
    void eachEffortHasItsCodecAndBetterOnesAreSmaller() {
        byte[] slice = slice(256, 256);
        int image = comesBack(slice, CT, EncodeEffort.IMAGE).length;
        assertThat(encoder.encode(slice, slice.length, CT, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.SORTED);
        int shuffled = comesBack(slice, CT, EncodeEffort.SHUFFLE).length;
        assertThat(encoder.encode(slice, slice.length, CT, EncodeEffort.SHUFFLE))
                .isEqualTo(BlockCodec.SHUFFLE);
        int plain = comesBack(slice, CT, EncodeEffort.ZSTD).length;
        assertThat(encoder.encode(slice, slice.length, CT, EncodeEffort.ZSTD)).isEqualTo(BlockCodec.ZSTD);
        assertThat(image).isLessThan(shuffled);
        assertThat(shuffled).isLessThan(plain);
    }

    @Test
    void shortBlocksAndRepetitionAreNotSorted() {
        byte[] few = slice(256, 20);
        assertThat(encoder.encode(few, few.length, CT, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.IMAGE);
        byte[] rows = new byte[512 * 400];
        new Random(6).nextBytes(rows);
        for (int i = 512 * 8; i < rows.length; i++) {
            rows[i] = rows[i - 512 * 8];
        }
        comesBack(rows, CT, EncodeEffort.IMAGE);
        byte[] mask = new byte[512 * 400];
        for (int i = 0; i < mask.length; i += 2) {
            mask[i] = (byte) (i / 2 % 256 * (i / 512 % 8) % 7 == 0 ? 1 : 0);
        }
        comesBack(mask, CT, EncodeEffort.IMAGE);
        assertThat(encoder.encode(mask, mask.length, CT, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.IMAGE);
    }

    @Test
    void screenshotsAreNotPredicted() {
        ImageLayout rgb = new ImageLayout(1, false, false, 3, 256);
        byte[] tile = new byte[768];
        new Random(3).nextBytes(tile);
        byte[] screen = new byte[768 * 100];
        for (int i = 0; i < screen.length; i++) {
            screen[i] = tile[i % tile.length];
        }
        comesBack(screen, rgb, EncodeEffort.IMAGE);
        byte[] shifted = new byte[768 * 100];
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] = tile[(i + i / 768 * 5) % tile.length];
        }
        assertThat(encoder.encode(shifted, shifted.length, rgb, EncodeEffort.IMAGE))
                .isEqualTo(BlockCodec.ZSTD);
    }

    @Test
    void whatDoesNotShrinkIsStored() {
        byte[] noise = new byte[300_000];
        new Random(4).nextBytes(noise);
        assertThat(encoder.encode(noise, noise.length, null, EncodeEffort.IMAGE))
                .isEqualTo(BlockCodec.STORE);
        assertThat(encoder.stored()).isSameAs(noise);
        assertThat(encoder.encode(noise, 1000, null, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.STORE);
        assertThat(encoder.storedLength()).isEqualTo(1000);
        assertThat(encoder.encode(noise, 102_400, CT, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.STORE);
        assertThat(encoder.encode(new byte[1], 1, null, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.STORE);
        assertThat(encoder.encode(new byte[0], 0, null, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.STORE);
    }

    @Test
    void textIsCompressed() {
        byte[] text = "0008,0060 CS [MR] # 2, 1 Modality\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(comesBack(text, null, EncodeEffort.IMAGE)).hasSizeLessThan(text.length / 50);
    }

    @Test
    void brokenBlocksAreCorruptAndNothingElse() {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] slice = slice(256, 40); // long enough to be sorted
        for (EncodeEffort effort : EncodeEffort.values()) {
            byte[] stored = comesBack(slice, CT, effort);
            BlockCodec codec = encoder.encode(slice, slice.length, CT, effort);
            for (int i = 0; i < 3000; i++) {
                byte[] broken = stored.clone();
                for (int j = random.nextInt(3); j >= 0; j--) {
                    broken[random.nextInt(i % 2 == 0 ? 20 : broken.length)] ^= (byte) (1 << random.nextInt(8));
                }
                int length = i % 3 == 0 ? random.nextInt(broken.length) : broken.length;
                decodesOrIsCorrupt(codec, broken, length, slice.length);
            }
            for (int i = 0; i < 1000; i++) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                decodesOrIsCorrupt(codec, noise, noise.length, slice.length);
            }
        }
    }

    @Test
    void aSortedBlockHasTheCountsOfItsSamples() {
        byte[] slice = slice(256, 64);
        byte[] stored = comesBack(slice, CT, EncodeEffort.IMAGE);
        assertThat(encoder.encode(slice, slice.length, CT, EncodeEffort.IMAGE)).isEqualTo(BlockCodec.SORTED);
        for (int from = 0; from < Classes.COUNTS; from++) {
            for (int to = 0; to < Classes.COUNTS; to++) {
                byte[] wrong = stored.clone();
                ByteBuffer counts = ByteBuffer.wrap(wrong);
                if (from != to && counts.getInt(4 * from) > 0) {
                    counts.putInt(4 * from, counts.getInt(4 * from) - 1);
                    counts.putInt(4 * to, counts.getInt(4 * to) + 1);
                    assertCorrupt(BlockCodec.SORTED, wrong, slice.length);
                }
            }
            byte[] more = stored.clone();
            ByteBuffer counts = ByteBuffer.wrap(more);
            counts.putInt(4 * from, counts.getInt(4 * from) + 1);
            assertCorrupt(BlockCodec.SORTED, more, slice.length);
            counts.putInt(4 * from, -1);
            assertCorrupt(BlockCodec.SORTED, more, slice.length);
        }
        assertCorrupt(BlockCodec.SORTED, Arrays.copyOf(stored, 63), slice.length);
        assertCorrupt(BlockCodec.SORTED, Arrays.copyOf(stored, 64), slice.length);
        assertCorrupt(BlockCodec.SORTED, Arrays.copyOf(stored, stored.length - 1), slice.length);
        assertCorrupt(BlockCodec.SORTED, Arrays.copyOf(stored, stored.length + 1), slice.length);
    }

    private void decodesOrIsCorrupt(BlockCodec codec, byte[] stored, int length, int plain) {
        try {
            decoder.decode(codec, stored, 0, length, new byte[plain], 0, plain, CT);
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void aBlockIsExactlyAsLongAsItsTableSays() {
        byte[] frame = Zstd.compress(new byte[512 * 10], 1);
        byte[] bomb = Zstd.compress(new byte[50_000_000], 1);
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.writeBytes(frame);
        twice.writeBytes(frame);
        for (BlockCodec codec : new BlockCodec[] {BlockCodec.ZSTD, BlockCodec.IMAGE, BlockCodec.SHUFFLE}) {
            decoder.decode(codec, frame, 0, frame.length, new byte[5120], 0, 5120, CT);
            assertCorrupt(codec, frame, 5632);
            assertCorrupt(codec, frame, 4608);
            assertCorrupt(codec, bomb, 5120);
            assertCorrupt(codec, twice.toByteArray(), 10_240);
        }
        assertCorrupt(BlockCodec.STORE, frame, frame.length + 1);
        assertCorrupt(BlockCodec.IMAGE, Zstd.compress(new byte[5121], 1), 5121);
        assertThatThrownBy(
                        () -> decoder.decode(BlockCodec.SHUFFLE, frame, 0, frame.length, new byte[5120], 0, 5120, null))
                .isInstanceOf(StrongroomException.class);
    }

    private void assertCorrupt(BlockCodec codec, byte[] stored, int plain) {
        assertThatThrownBy(() -> decoder.decode(codec, stored, 0, stored.length, new byte[plain], 0, plain, CT))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
    }

    /** A round body in air, with noise: 16 bits, little-endian, signed. */
    private static byte[] slice(int columns, int rows) {
        Random random = new Random(5);
        byte[] bytes = new byte[2 * columns * rows];
        for (int i = 0; i < columns * rows; i++) {
            double x = i % columns - columns / 2.0;
            int row = i / columns;
            double y = row - rows / 2.0;
            int value = x * x + y * y > columns * columns / 5.0
                    ? -1000
                    : (int) (60 + 400 * Math.sin(x / 20) * Math.cos(y / 30) + 8 * random.nextGaussian());
            bytes[2 * i] = (byte) value;
            bytes[2 * i + 1] = (byte) (value >> 8);
        }
        return bytes;
    }
}
