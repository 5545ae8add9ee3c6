package org.strongroom.plugin.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.plugin.codec.BlockPlan.Block;

class BlockPlanTest {
    private static final int MIB = 1 << 20;

    private static PixelData pixels(long offset, long length, int rows, int columns) {
        ImageLayout layout = new ImageLayout(2, false, false, 1, columns);
        return new PixelData(offset, length, (long) rows * layout.rowBytes(), layout);
    }

    @Test
    void opaqueBytesAreCutAtOneMebibyte() {
        assertThat(BlockPlan.of(0, 0, null)).isEmpty();
        assertThat(BlockPlan.of(5, 6, null)).containsExactly(new Block(1, false));
        assertThat(BlockPlan.of(0, MIB, null)).containsExactly(new Block(MIB, false));
        assertThat(BlockPlan.of(0, MIB + 1, null)).containsExactly(new Block(MIB, false), new Block(1, false));
    }

    @Test
    void oneSliceIsOneBlockBetweenElementHeaderAndTrailer() {
        long slice = 512 * 512 * 2;
        assertThat(BlockPlan.of(1000, 1012 + slice + 8, pixels(1012, slice, 512, 512)))
                .containsExactly(new Block(12, false), new Block((int) slice, true), new Block(8, false));
    }

    @Test
    void smallFramesGoTogether() {
        assertThat(BlockPlan.of(0, 10 * 100_000L, pixels(0, 10 * 100_000L, 100, 500)))
                .containsExactly(
                        new Block(200_000, true),
                        new Block(200_000, true),
                        new Block(200_000, true),
                        new Block(200_000, true),
                        new Block(200_000, true));
    }

    @Test
    void largeFramesAreBandsOfTheSameHeight() {
        long frame = 1000 * 2000; // 1000 rows of 2000 bytes
        assertThat(BlockPlan.of(0, 2 * frame, pixels(0, 2 * frame, 1000, 1000)))
                .containsExactly(
                        new Block(1_000_000, true),
                        new Block(1_000_000, true),
                        new Block(1_000_000, true),
                        new Block(1_000_000, true));
    }

    @Test
    void halfARowIsATrailer() {
        assertThat(BlockPlan.of(0, 250, pixels(0, 250, 10, 10)))
                .containsExactly(new Block(240, true), new Block(10, false));
        assertThat(BlockPlan.of(0, 7, pixels(0, 7, 10, 10))).containsExactly(new Block(7, false));
    }

    @Test
    void refusesPixelsOutsideTheBody() {
        assertThatThrownBy(() -> BlockPlan.of(10, 100, pixels(9, 20, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BlockPlan.of(10, 100, pixels(90, 20, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyPlanKeepsTheRules() {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            int samples = 1 + random.nextInt(4);
            int columns = 1 + random.nextInt(random.nextBoolean() ? 65535 : 600);
            ImageLayout layout = new ImageLayout(1 << random.nextInt(3), false, false, samples, columns);
            long frame = (long) layout.rowBytes() * (1 + random.nextInt(800));
            long length = random.nextInt(100_000_000);
            long offset = random.nextInt(3_000_000);
            long end = offset + length + random.nextInt(3_000_000);
            PixelData pixels = new PixelData(offset, length, frame, layout);
            List<Block> plan = BlockPlan.of(0, end, pixels);
            long at = 0;
            for (Block block : plan) {
                assertThat(block.length()).isBetween(1, MIB);
                if (block.rows()) {
                    long inPixels = at - offset;
                    assertThat(inPixels).isNotNegative();
                    assertThat(block.length() % layout.rowBytes()).isZero();
                    if (frame >= 256 << 10) {
                        assertThat(inPixels / frame).isEqualTo((inPixels + block.length() - 1) / frame);
                    } else {
                        assertThat(inPixels % frame).isZero();
                        assertThat(block.length()).isLessThanOrEqualTo(256 << 10);
                    }
                }
                at += block.length();
            }
            assertThat(at).isEqualTo(end);
            assertThat(plan.stream()
                            .filter(Block::rows)
                            .mapToLong(Block::length)
                            .sum())
                    .isEqualTo(pixels.rowsLength());
        }
    }

    @Test
    void pixelsBeyondTheEndAreNotBelieved() {
        assertThat(pixels(100, 1000, 1, 1).within(600)).isEqualTo(pixels(100, 500, 1, 1));
        assertThat(pixels(100, 1000, 1, 1).within(50)).isEqualTo(pixels(50, 0, 1, 1));
        assertThatThrownBy(() -> new PixelData(0, 10, 3, new ImageLayout(2, false, false, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pixels(-1, 10, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
