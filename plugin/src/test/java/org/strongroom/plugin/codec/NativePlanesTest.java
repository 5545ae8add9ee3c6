package org.strongroom.plugin.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.format.v1.ImageLayout;

/** The C code gives what the Java code gives, which {@link PlanesTest} holds to the specification. */
class NativePlanesTest {
    @TempDir
    static Path folder;

    private final Planes inJava = new Planes(false);
    private final Planes inC = new Planes(true);

    @BeforeAll
    static void build() throws Exception {
        Path library = folder.resolve("libStrongroomPlanes.so");
        Process make = new ProcessBuilder("make", "-s", "-C", "src/main/c", "BUILD=" + folder, library.toString())
                .inheritIO()
                .start();
        assertThat(make.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(make.exitValue()).isZero();
        NativePlanes.load(library);
    }

    @Test
    void everyLayoutAndNumberOfRows() {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (ImageLayout layout : PlanesTest.allLayouts()) {
            for (int rows : new int[] {1, 2, 4, 5, 6, 9, 10, 21}) {
                for (boolean smooth : new boolean[] {true, false}) {
                    byte[] plain = new byte[rows * layout.rowBytes()];
                    random.nextBytes(plain);
                    for (int i = 0; smooth && i < plain.length; i++) {
                        plain[i] &= 3; // neighbours that are often equal
                    }
                    assertSame(layout, plain);
                }
            }
        }
        assertThat(NativePlanes.knows(new ImageLayout(2, true, false, 1, 512))).isTrue();
    }

    /** Rows as wide as they come, and about as wide as the C code takes at once. */
    @Test
    void wideRows() {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int columns : new int[] {255, 256, 257, 511, 512, 513, 514, 1023, 1025, 1537, 65_534, 65_535}) {
            for (int samples : new int[] {1, 3}) {
                for (int rows : new int[] {1, 2, 3, 17}) {
                    ImageLayout layout = new ImageLayout(2, random.nextBoolean(), false, samples, columns);
                    byte[] plain = new byte[rows * layout.rowBytes()];
                    random.nextBytes(plain);
                    int mask = rows == 17 ? 0xff : 0x0f; // noise of all classes, or of small numbers
                    for (int i = 0; i < plain.length; i++) {
                        plain[i] = (byte) (i % 2 == 0 ? plain[i] & mask : mask == 0xff ? plain[i] & 1 : 0);
                    }
                    assertSame(layout, plain);
                }
            }
        }
    }

    @Test
    void manyRowsOfOneColumn() {
        Random random = new Random(9);
        for (boolean signed : new boolean[] {false, true}) {
            byte[] plain = new byte[2 * 65_535];
            random.nextBytes(plain);
            assertSame(new ImageLayout(2, signed, false, 1, 1), plain);
        }
    }

    @Test
    void whoIsInAHurryPredictsWhatIsPredictedInC() {
        assertThat(EncodeEffort.least(new ImageLayout(2, true, false, 1, 512))).isEqualTo(EncodeEffort.IMAGE);
        for (ImageLayout other : new ImageLayout[] {
            null, new ImageLayout(2, true, true, 1, 512), new ImageLayout(1, false, false, 3, 512)
        }) {
            assertThat(EncodeEffort.least(other)).as("%s", other).isEqualTo(EncodeEffort.SHUFFLE);
        }
    }

    private static void assertSameClasses(ImageLayout layout, byte[] planes, int length) {
        int[] counts = new int[Classes.COUNTS];
        int[] countsInC = new int[Classes.COUNTS];
        byte[] sorted = new byte[length];
        byte[] sortedInC = new byte[length];
        new Classes(false).sort(layout, planes, length, sorted, counts);
        new Classes().sort(layout, planes, length, sortedInC, countsInC);
        assertThat(countsInC).as("%s", layout).isEqualTo(counts);
        assertThat(sortedInC).as("%s", layout).isEqualTo(sorted);
        byte[] shifted = new byte[length + 5];
        System.arraycopy(sorted, 0, shifted, 5, length);
        byte[] back = new byte[length];
        assertThat(new Classes().unsort(layout, shifted, 5, length, back, counts))
                .isTrue();
        assertThat(back).as("%s", layout).isEqualTo(Arrays.copyOf(planes, length));
        for (int k = 1; k < Classes.COUNTS; k++) {
            int[] wrong = counts.clone();
            wrong[k - 1] += wrong[k];
            wrong[k] = 0;
            assertThat(new Classes().unsort(layout, sorted, 0, length, back, wrong))
                    .as("%s", layout)
                    .isEqualTo(counts[k] == 0);
        }
    }

    private void assertSame(ImageLayout layout, byte[] plain) {
        byte[] expected = new byte[plain.length + 3];
        byte[] predicted = new byte[plain.length + 3];
        inJava.predict(layout, plain, plain.length, expected);
        inC.predict(layout, plain, plain.length, predicted);
        assertThat(predicted).as("%s", layout).isEqualTo(expected);
        byte[] back = new byte[plain.length + 7];
        inC.unpredict(layout, predicted, back, 3, plain.length);
        byte[] wanted = new byte[plain.length + 7];
        System.arraycopy(plain, 0, wanted, 3, plain.length);
        assertThat(back).as("%s", layout).isEqualTo(wanted);
        assertSameClasses(layout, expected, plain.length);
    }
}
