package org.strongroom.plugin.codec;

import org.strongroom.core.format.v1.ImageLayout;

/** The prediction for samples of 32 bits, whose sums need 64 (format.md §3.4). */
final class WidePredictor {
    private WidePredictor() {}

    static void residuals(ImageLayout layout, int[] row, int[] above, int[] words, int count) {
        for (int i = 0; i < count; i++) {
            int difference = row[i] - predicted(layout, row, above, i);
            words[i] = difference << 1 ^ difference >> 31;
        }
    }

    static void samples(ImageLayout layout, int[] words, int[] above, int[] row, int count) {
        for (int i = 0; i < count; i++) {
            row[i] = predicted(layout, row, above, i) + (words[i] >>> 1 ^ -(words[i] & 1));
        }
    }

    private static int predicted(ImageLayout layout, int[] row, int[] above, int i) {
        int left = i - layout.samples();
        if (above == null) {
            return left < 0 ? 0 : row[left];
        }
        if (left < 0) {
            return above[i];
        }
        long mask = layout.signed() ? -1 : 0xffff_ffffL;
        long a = row[left] & mask;
        long b = above[i] & mask;
        long c = above[left] & mask;
        return (int) Math.max(Math.min(a, b), Math.min(Math.max(a, b), a + b - c));
    }
}
