package org.strongroom.plugin.codec;

import java.util.Objects;
import org.strongroom.core.format.v1.ImageLayout;

/**
 * Whole rows of samples as byte planes, predicted or not (format.md §3.4), and back, bit for bit. Keeps its rows between
 * calls: for one thread.
 */
final class Planes {
    private final boolean natively;
    private int[] above = new int[0];
    private int[] row = new int[0];
    private int[] words = new int[0];

    Planes() {
        this(true);
    }

    /** @param natively whether {@link NativePlanes} does what it can, if it is loaded */
    Planes(boolean natively) {
        this.natively = natively;
    }

    /** Byte planes of the samples themselves. */
    void shuffle(ImageLayout layout, byte[] plain, int length, byte[] planes) {
        int perRow = begin(layout, length);
        int plane = length / layout.wordBytes();
        for (int at = 0; at < plane; at += perRow) {
            Samples.load(layout, plain, at * layout.wordBytes(), row, perRow);
            Samples.split(layout.wordBytes(), row, perRow, planes, at, plane);
        }
    }

    /** The inverse of {@link #shuffle}. */
    void unshuffle(ImageLayout layout, byte[] planes, byte[] plain, int offset, int length) {
        int perRow = begin(layout, length);
        int plane = length / layout.wordBytes();
        for (int at = 0; at < plane; at += perRow) {
            Samples.join(layout.wordBytes(), planes, at, plane, row, perRow);
            Samples.store(layout, row, perRow, plain, offset + at * layout.wordBytes());
        }
    }

    /** Byte planes of what the prediction leaves. */
    void predict(ImageLayout layout, byte[] plain, int length, byte[] planes) {
        requireRows(layout, length);
        Objects.checkFromIndexSize(0, length, plain.length);
        Objects.checkFromIndexSize(0, length, planes.length);
        if (length > 0 && natively && NativePlanes.knows(layout)) {
            NativePlanes.predict(layout, plain, length, planes);
            return;
        }
        int perRow = begin(layout, length);
        int word = layout.wordBytes();
        int plane = length / word;
        for (int at = 0; at < plane; at += perRow) {
            Samples.load(layout, plain, at * word, row, perRow);
            if (word == 4) {
                WidePredictor.residuals(layout, row, at == 0 ? null : above, words, perRow);
            } else {
                residuals(layout.samples(), 32 - 8 * word, row, at == 0 ? null : above, words, perRow);
            }
            Samples.split(word, words, perRow, planes, at, plane);
            swap();
        }
    }

    /** The inverse of {@link #predict}. */
    void unpredict(ImageLayout layout, byte[] planes, byte[] plain, int offset, int length) {
        requireRows(layout, length);
        Objects.checkFromIndexSize(0, length, planes.length);
        Objects.checkFromIndexSize(offset, length, plain.length);
        if (length > 0 && natively && NativePlanes.knows(layout)) {
            NativePlanes.unpredict(layout, planes, plain, offset, length);
            return;
        }
        int perRow = begin(layout, length);
        int word = layout.wordBytes();
        int plane = length / word;
        for (int at = 0; at < plane; at += perRow) {
            Samples.join(word, planes, at, plane, words, perRow);
            if (word == 4) {
                WidePredictor.samples(layout, words, at == 0 ? null : above, row, perRow);
            } else {
                samples(layout, 32 - 8 * word, words, at == 0 ? null : above, row, perRow);
            }
            Samples.store(layout, row, perRow, plain, offset + at * word);
            swap();
        }
    }

    private static void residuals(int samples, int shift, int[] row, int[] above, int[] words, int count) {
        for (int i = 0; i < samples; i++) {
            words[i] = zigzag(row[i] - (above == null ? 0 : above[i]), shift);
        }
        if (above == null) {
            for (int i = samples; i < count; i++) {
                words[i] = zigzag(row[i] - row[i - samples], shift);
            }
        } else {
            for (int i = samples; i < count; i++) {
                words[i] = zigzag(row[i] - med(row[i - samples], above[i], above[i - samples]), shift);
            }
        }
    }

    private static void samples(ImageLayout layout, int shift, int[] words, int[] above, int[] row, int count) {
        int samples = layout.samples();
        boolean signed = layout.signed();
        for (int i = 0; i < samples; i++) {
            row[i] = extend((above == null ? 0 : above[i]) + unzigzag(words[i]), signed, shift);
        }
        if (above == null) {
            for (int i = samples; i < count; i++) {
                row[i] = extend(row[i - samples] + unzigzag(words[i]), signed, shift);
            }
        } else if (samples == 1) {
            int left = row[0]; // in a register: each sample waits for the one before
            int aboveLeft = above[0];
            for (int i = 1; i < count; i++) {
                int up = above[i];
                left = extend(med(left, up, aboveLeft) + unzigzag(words[i]), signed, shift);
                row[i] = left;
                aboveLeft = up;
            }
        } else {
            for (int i = samples; i < count; i++) {
                int predicted = med(row[i - samples], above[i], above[i - samples]);
                row[i] = extend(predicted + unzigzag(words[i]), signed, shift);
            }
        }
    }

    /** The median of a, b and a + b − c: the same as the three cases of format.md §3.4, without a branch. */
    private static int med(int a, int b, int c) {
        int low = Math.min(a, b);
        int high = Math.max(a, b);
        return Math.max(low, Math.min(high, a + b - c));
    }

    /** The low {@code 32 - shift} bits of a difference, read as a signed number, zig-zagged. */
    private static int zigzag(int difference, int shift) {
        int signed = difference << shift >> shift;
        return signed << 1 ^ signed >> 31;
    }

    private static int unzigzag(int word) {
        return word >>> 1 ^ -(word & 1);
    }

    /** The low {@code 32 - shift} bits, sign- or zero-extended. */
    private static int extend(int value, boolean signed, int shift) {
        return signed ? value << shift >> shift : value << shift >>> shift;
    }

    /** Bytes that are kept until the next call. */
    int kept() {
        return 3 * Integer.BYTES * row.length;
    }

    private static void requireRows(ImageLayout layout, int length) {
        if (length % layout.rowBytes() != 0) {
            throw new IllegalArgumentException(length + " bytes in rows of " + layout.rowBytes());
        }
    }

    private int begin(ImageLayout layout, int length) {
        requireRows(layout, length);
        int perRow = layout.rowBytes() / layout.wordBytes();
        if (row.length < perRow) {
            above = new int[perRow];
            row = new int[perRow];
            words = new int[perRow];
        }
        return perRow;
    }

    private void swap() {
        int[] done = row;
        row = above;
        above = done;
    }
}
