package org.strongroom.plugin.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.strongroom.core.format.v1.ImageLayout;

/** The order of the classes against the text of format.md §3.4, written down a second time as plainly as it reads. */
class ClassesTest {
    private final Classes classes = new Classes(false);

    @Test
    void everyLayoutIsSortedAsSpecifiedAndComesBack() {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (ImageLayout layout : PlanesTest.allLayouts()) {
            for (int rows : new int[] {1, 2, 3, 9, 10}) {
                byte[] planes = planes(layout, rows, random);
                byte[] sorted = new byte[planes.length];
                int[] counts = new int[Classes.COUNTS];
                classes.sort(layout, planes, planes.length, sorted, counts);
                assertSpecified(layout, rows, planes, sorted, counts);
                byte[] back = new byte[planes.length];
                assertThat(classes.unsort(layout, sorted, 0, sorted.length, back, counts))
                        .isTrue();
                assertThat(back).isEqualTo(planes);
            }
        }
    }

    /** Else memory beside the samples would be read: each way, in C and in Java, relies on it. */
    @Test
    void countsThatDoNotAddUpAreRefusedBeforeAnythingIsMoved() {
        for (ImageLayout layout : PlanesTest.allLayouts()) {
            byte[] sorted = planes(layout, 4, new Random(1));
            int plane = sorted.length / layout.wordBytes();
            for (int[] first : new int[][] {{plane + 1, 0}, {plane - 1, 0}, {plane + 1, -1}, {1 << 30, 1 << 30}}) {
                for (int at = 0; at + 1 < Classes.COUNTS; at++) {
                    int[] counts = new int[Classes.COUNTS];
                    counts[at] = first[0];
                    counts[at + 1] = first[1];
                    byte[] planes = new byte[sorted.length];
                    for (boolean natively : new boolean[] {false, true}) {
                        assertThat(new Classes(natively).unsort(layout, sorted, 0, sorted.length, planes, counts))
                                .isFalse();
                        assertThat(planes).containsOnly(0);
                    }
                }
            }
        }
    }

    /** Numbers of every size, more small ones than large ones. */
    private static byte[] planes(ImageLayout layout, int rows, Random random) {
        int plane = rows * layout.rowBytes() / layout.wordBytes();
        byte[] planes = new byte[plane * layout.wordBytes()];
        for (int i = 0; i < plane; i++) {
            long number = random.nextLong() >>> (32 + random.nextInt(32));
            for (int p = 0; p < layout.wordBytes(); p++) {
                planes[p * plane + i] = (byte) (number >> (8 * (layout.wordBytes() - 1 - p)));
            }
        }
        return planes;
    }

    private static void assertSpecified(ImageLayout layout, int rows, byte[] planes, byte[] sorted, int[] counts) {
        int width = layout.rowBytes() / layout.wordBytes();
        int plane = rows * width;
        List<Integer> order = new ArrayList<>();
        for (int wanted = 0; wanted < 8; wanted++) {
            for (int band = 0; band < 2; band++) {
                int before = order.size();
                int first = band == 0 ? 0 : (rows + 1) / 2;
                int end = band == 0 ? (rows + 1) / 2 : rows;
                for (int row = first; row < end; row++) {
                    for (int x = 0; x < width; x++) {
                        if (wanted == (row == first ? 0 : classOf(layout, planes, plane, width, row - 1, x / 2))) {
                            order.add(row * width + x);
                        }
                    }
                }
                assertThat(counts[8 * band + wanted]).isEqualTo(order.size() - before);
            }
        }
        assertThat(order).hasSize(plane);
        for (int i = 0; i < plane; i++) {
            for (int p = 0; p < layout.wordBytes(); p++) {
                assertThat(sorted[p * plane + i]).isEqualTo(planes[p * plane + order.get(i)]);
            }
        }
    }

    private static int classOf(ImageLayout layout, byte[] planes, int plane, int width, int above, int pair) {
        long weight = 2 * sum(layout, planes, plane, width, above, pair)
                + sum(layout, planes, plane, width, above, pair - 1)
                + sum(layout, planes, plane, width, above, pair + 1);
        int bits = 0;
        for (long rest = weight / 4; rest > 0; rest /= 2) {
            bits++;
        }
        return Math.min(bits, 7);
    }

    private static long sum(ImageLayout layout, byte[] planes, int plane, int width, int row, int pair) {
        long sum = 0;
        for (int x = 2 * pair; x < 2 * pair + 2; x++) {
            long number = 0;
            for (int p = 0; x >= 0 && x < width && p < layout.wordBytes(); p++) {
                number = number << 8 | (planes[p * plane + row * width + x] & 0xff);
            }
            sum += number;
        }
        return sum;
    }
}
