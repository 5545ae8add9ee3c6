package org.strongroom.plugin.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.strongroom.core.format.v1.ImageLayout;

/**
 * Samples between their bytes in the file and numbers (format.md §3.4): sign- or zero-extended 8 and 16 bits, or the 32 bits as
 * they are. The loops are kept apart per word because that is what makes them fast.
 */
final class Samples {
    private static final VarHandle SHORT_LE =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT_BE = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_LE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT_BE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Samples() {}

    /** The {@code count} samples from byte {@code at} on. */
    static void load(ImageLayout layout, byte[] bytes, int at, int[] samples, int count) {
        switch (layout.wordBytes()) {
            case 1 -> {
                int mask = layout.signed() ? -1 : 0xff;
                for (int i = 0; i < count; i++) {
                    samples[i] = bytes[at + i] & mask;
                }
            }
            case 2 -> {
                int mask = layout.signed() ? -1 : 0xffff;
                if (layout.bigEndian()) {
                    for (int i = 0; i < count; i++) {
                        samples[i] = (short) SHORT_BE.get(bytes, at + 2 * i) & mask;
                    }
                } else {
                    for (int i = 0; i < count; i++) {
                        samples[i] = (short) SHORT_LE.get(bytes, at + 2 * i) & mask;
                    }
                }
            }
            default -> {
                VarHandle words = layout.bigEndian() ? INT_BE : INT_LE;
                for (int i = 0; i < count; i++) {
                    samples[i] = (int) words.get(bytes, at + 4 * i);
                }
            }
        }
    }

    /** The inverse of {@link #load}. */
    static void store(ImageLayout layout, int[] samples, int count, byte[] bytes, int at) {
        switch (layout.wordBytes()) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    bytes[at + i] = (byte) samples[i];
                }
            }
            case 2 -> {
                if (layout.bigEndian()) {
                    for (int i = 0; i < count; i++) {
                        SHORT_BE.set(bytes, at + 2 * i, (short) samples[i]);
                    }
                } else {
                    for (int i = 0; i < count; i++) {
                        SHORT_LE.set(bytes, at + 2 * i, (short) samples[i]);
                    }
                }
            }
            default -> {
                VarHandle words = layout.bigEndian() ? INT_BE : INT_LE;
                for (int i = 0; i < count; i++) {
                    words.set(bytes, at + 4 * i, samples[i]);
                }
            }
        }
    }

    /**
     * Splits numbers into byte planes, most significant first.
     *
     * @param at number of the first of these samples in the block
     * @param plane bytes of one plane: samples in the block
     */
    static void split(int wordBytes, int[] samples, int count, byte[] planes, int at, int plane) {
        for (int p = 0; p < wordBytes; p++) {
            int shift = 8 * (wordBytes - 1 - p);
            int start = p * plane + at;
            for (int i = 0; i < count; i++) {
                planes[start + i] = (byte) (samples[i] >>> shift);
            }
        }
    }

    /** The inverse of {@link #split}: zero-extended words. */
    static void join(int wordBytes, byte[] planes, int at, int plane, int[] samples, int count) {
        if (wordBytes == 2) {
            for (int i = 0; i < count; i++) {
                samples[i] = (planes[at + i] & 0xff) << 8 | (planes[plane + at + i] & 0xff);
            }
            return;
        }
        Arrays.fill(samples, 0, count, 0);
        for (int p = 0; p < wordBytes; p++) {
            int start = p * plane + at;
            for (int i = 0; i < count; i++) {
                samples[i] = samples[i] << 8 | (planes[start + i] & 0xff);
            }
        }
    }
}
