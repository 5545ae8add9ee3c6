package org.strongroom.plugin.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.strongroom.core.format.v1.ImageLayout;

/** Prediction and byte planes against the text of format.md §3.4, written down a second time as slowly and plainly as it reads. */
class PlanesTest {
    private final Planes planes = new Planes(false);

    static List<ImageLayout> allLayouts() {
        List<ImageLayout> layouts = new ArrayList<>();
        for (int word : new int[] {1, 2, 4}) {
            for (int samples = 1; samples <= 4; samples++) {
                for (int columns : new int[] {1, 2, 3, 17, 64}) {
                    for (int flags = 0; flags < 4; flags++) {
                        layouts.add(new ImageLayout(word, (flags & 1) != 0, (flags & 2) != 0, samples, columns));
                    }
                }
            }
        }
        return layouts;
    }

    @Test
    void everyLayoutIsPredictedAsSpecifiedAndComesBack() {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (ImageLayout layout : allLayouts()) {
            for (int rows : new int[] {1, 2, 9}) {
                byte[] plain = pixels(layout, rows, random);
                byte[] predicted = new byte[plain.length];
                planes.predict(layout, plain, plain.length, predicted);
                assertThat(predicted).as("%s, %d rows", layout, rows).isEqualTo(specified(layout, plain));
                byte[] back = new byte[plain.length + 6];
                planes.unpredict(layout, predicted, back, 3, plain.length);
                assertThat(Arrays.copyOfRange(back, 3, 3 + plain.length)).isEqualTo(plain);
                assertThat(new byte[] {back[2], back[back.length - 3]}).containsOnly(0);
            }
        }
    }

    @Test
    void everyLayoutIsSplitAndComesBack() {
        Random random = new Random(1);
        for (ImageLayout layout : allLayouts()) {
            byte[] plain = pixels(layout, 5, random);
            byte[] split = new byte[plain.length];
            planes.shuffle(layout, plain, plain.length, split);
            int count = plain.length / layout.wordBytes();
            for (int i = 0; i < count; i++) {
                for (int p = 0; p < layout.wordBytes(); p++) {
                    int inFile = layout.bigEndian() ? p : layout.wordBytes() - 1 - p;
                    assertThat(split[p * count + i]).isEqualTo(plain[i * layout.wordBytes() + inFile]);
                }
            }
            byte[] back = new byte[plain.length];
            planes.unshuffle(layout, split, back, 0, plain.length);
            assertThat(back).isEqualTo(plain);
        }
    }

    @Test
    void onlyWholeRows() {
        ImageLayout layout = new ImageLayout(2, false, false, 1, 10);
        assertThatThrownBy(() -> planes.predict(layout, new byte[21], 21, new byte[21]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Smooth, noisy, or full of extremes. */
    private static byte[] pixels(ImageLayout layout, int rows, Random random) {
        byte[] plain = new byte[rows * layout.rowBytes()];
        int kind = random.nextInt(3);
        if (kind == 0) {
            random.nextBytes(plain);
        } else if (kind == 1) {
            for (int i = 0; i < plain.length; i++) {
                plain[i] = (byte) (i / 3);
            }
        } else {
            byte[] extremes = {0, -1, 127, -128, 1};
            for (int i = 0; i < plain.length; i++) {
                plain[i] = extremes[random.nextInt(extremes.length)];
            }
        }
        return plain;
    }

    private static byte[] specified(ImageLayout layout, byte[] plain) {
        int word = layout.wordBytes();
        int count = plain.length / word;
        int perRow = layout.columns() * layout.samples();
        BigInteger[] sample = new BigInteger[count];
        for (int i = 0; i < count; i++) {
            byte[] bytes = Arrays.copyOfRange(plain, i * word, (i + 1) * word);
            if (!layout.bigEndian()) {
                for (int j = 0; j < word / 2; j++) {
                    byte swap = bytes[j];
                    bytes[j] = bytes[word - 1 - j];
                    bytes[word - 1 - j] = swap;
                }
            }
            sample[i] = layout.signed() ? new BigInteger(bytes) : new BigInteger(1, bytes);
        }
        BigInteger modulus = BigInteger.ONE.shiftLeft(8 * word);
        byte[] split = new byte[plain.length];
        for (int i = 0; i < count; i++) {
            boolean firstColumn = i % perRow < layout.samples();
            BigInteger a = firstColumn ? null : sample[i - layout.samples()];
            BigInteger b = i < perRow ? null : sample[i - perRow];
            BigInteger predicted;
            if (a == null && b == null) {
                predicted = BigInteger.ZERO;
            } else if (b == null) {
                predicted = a;
            } else if (a == null) {
                predicted = b;
            } else {
                BigInteger c = sample[i - perRow - layout.samples()];
                if (c.compareTo(a.max(b)) >= 0) {
                    predicted = a.min(b);
                } else if (c.compareTo(a.min(b)) <= 0) {
                    predicted = a.max(b);
                } else {
                    predicted = a.add(b).subtract(c);
                }
            }
            BigInteger difference = sample[i].subtract(predicted).mod(modulus);
            if (difference.testBit(8 * word - 1)) {
                difference = difference.subtract(modulus);
            }
            BigInteger zigzag = difference.signum() < 0
                    ? difference.negate().shiftLeft(1).subtract(BigInteger.ONE)
                    : difference.shiftLeft(1);
            for (int p = 0; p < word; p++) {
                split[p * count + i] = zigzag.shiftRight(8 * (word - 1 - p)).byteValue();
            }
        }
        return split;
    }
}
