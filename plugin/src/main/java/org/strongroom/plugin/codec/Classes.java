package org.strongroom.plugin.codec;

import java.util.Arrays;
import org.strongroom.core.format.v1.ImageLayout;

/**
 * Brings what the prediction leaves in the order of its classes (format.md §3.4), where small numbers are with small ones and large
 * with large ones, and back. Works on byte planes. Keeps its memory between calls: for one thread.
 */
final class Classes {
    /** How many classes there are. */
    static final int COUNT = 8;

    /** How many counts a block has: of each class in each of its two bands. */
    static final int COUNTS = 2 * COUNT;

    private final boolean natively;
    private final int[] places = new int[COUNTS];
    private byte[] ofPairs = new byte[0];
    private int[] sums = new int[0];

    Classes() {
        this(true);
    }

    /** @param natively whether {@link NativePlanes} does what it can, if it is loaded */
    Classes(boolean natively) {
        this.natively = natively;
    }

    /**
     * Sorts planes.
     *
     * @param counts gets the samples of each class in the first band, then in the second
     */
    void sort(ImageLayout layout, byte[] planes, int length, byte[] sorted, int[] counts) {
        if (length > 0 && natively && NativePlanes.knows(layout)) {
            NativePlanes.sort(layout, planes, length, sorted, counts);
            return;
        }
        Block block = new Block(layout, length);
        Arrays.fill(counts, 0);
        for (int row = 0; row < block.rows; row++) {
            int first = block.band(row) * COUNT;
            classify(block, planes, row);
            for (int i = 0; i < block.perRow; i++) {
                counts[first + ofPairs[i / 2]]++;
            }
        }
        place(counts);
        for (int row = 0; row < block.rows; row++) {
            int first = block.band(row) * COUNT;
            classify(block, planes, row);
            for (int i = 0; i < block.perRow; i++) {
                int place = places[first + ofPairs[i / 2]]++;
                block.copy(planes, row * block.perRow + i, sorted, place);
            }
        }
    }

    /**
     * The inverse of {@link #sort}. Never reads or writes elsewhere, whatever the counts say.
     *
     * @return false if the counts are not those of these samples
     */
    boolean unsort(ImageLayout layout, byte[] sorted, int offset, int length, byte[] planes, int[] counts) {
        Block block = new Block(layout, length);
        if (!addUp(counts, block.plane)) {
            return false;
        }
        if (length > 0 && natively && NativePlanes.knows(layout)) {
            return NativePlanes.unsort(layout, sorted, offset, length, planes, counts);
        }
        place(counts);
        int[] ends = new int[COUNTS];
        for (int i = 0; i < COUNTS; i++) {
            ends[i] = places[i] + counts[i];
        }
        for (int row = 0; row < block.rows; row++) {
            int first = block.band(row) * COUNT;
            classify(block, planes, row);
            for (int i = 0; i < block.perRow; i++) {
                int which = first + ofPairs[i / 2];
                if (places[which] == ends[which]) {
                    return false;
                }
                block.copy(sorted, offset + places[which]++, planes, row * block.perRow + i);
            }
        }
        return true; // no class gave more than it had, and together they gave all
    }

    private static boolean addUp(int[] counts, int plane) {
        long sum = 0;
        for (int count : counts) {
            if (count < 0) {
                return false;
            }
            sum += count;
        }
        return sum == plane;
    }

    /** Each class begins with what it has in the first band. */
    private void place(int[] counts) {
        int at = 0;
        for (int k = 0; k < COUNT; k++) {
            for (int first = 0; first < COUNTS; first += COUNT) {
                places[first + k] = at;
                at += counts[first + k];
            }
        }
    }

    /** The class of each pair of a row, from the row above. */
    private void classify(Block block, byte[] planes, int row) {
        int pairs = (block.perRow + 1) / 2;
        if (ofPairs.length < pairs) {
            ofPairs = new byte[pairs];
            sums = new int[pairs + 2];
        }
        if (row == 0 || row == block.upper) {
            Arrays.fill(ofPairs, 0, pairs, (byte) 0);
            return;
        }
        Arrays.fill(sums, 0, pairs + 2, 0);
        int above = (row - 1) * block.perRow;
        for (int i = 0; i < block.perRow; i++) {
            sums[i / 2 + 1] += block.capped(planes, above + i);
        }
        for (int j = 0; j < pairs; j++) {
            int weight = sums[j] + 2 * sums[j + 1] + sums[j + 2];
            ofPairs[j] = (byte) Math.min(COUNT - 1, 32 - Integer.numberOfLeadingZeros(weight / 4));
        }
    }

    /** What is the same for a whole block. */
    private static final class Block {
        final int word;
        final int plane;
        final int perRow;
        final int rows;
        final int upper;

        Block(ImageLayout layout, int length) {
            word = layout.wordBytes();
            plane = length / word;
            perRow = layout.rowBytes() / word;
            rows = plane / perRow;
            upper = (rows + 1) / 2;
        }

        int band(int row) {
            return row < upper ? 0 : 1;
        }

        /** A number of the planes; 256 stands for what is more, which makes no other class. */
        int capped(byte[] planes, int at) {
            for (int p = 0; p < word - 1; p++) {
                if (planes[p * plane + at] != 0) {
                    return 256;
                }
            }
            return planes[(word - 1) * plane + at] & 0xff;
        }

        void copy(byte[] from, int at, byte[] to, int place) {
            for (int p = 0; p < word; p++) {
                to[p * plane + place] = from[p * plane + at];
            }
        }
    }
}
