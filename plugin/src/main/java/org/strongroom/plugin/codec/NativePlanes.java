package org.strongroom.plugin.codec;

import java.nio.file.Path;
import org.strongroom.core.format.v1.ImageLayout;

/**
 * {@link Planes} and {@link Classes} for samples of 16 bits, little endian, in C: most of what CTs and MRs are made of, at about a tenth of the time.
 * Thread-safe.
 */
public final class NativePlanes {
    private static volatile boolean loaded;

    private NativePlanes() {}

    /**
     * From now on such samples go this way. Without it they are predicted in Java, with the same result.
     *
     * @throws UnsatisfiedLinkError if the library is not for this machine
     */
    public static synchronized void load(Path library) {
        if (!loaded) {
            System.load(library.toString());
            loaded = true;
        }
    }

    /** Whether {@link #predict} and {@link #unpredict} may be called for this layout. */
    static boolean knows(ImageLayout layout) {
        return loaded && layout.wordBytes() == 2 && !layout.bigEndian();
    }

    /** Sizes must have been checked. */
    static void predict(ImageLayout layout, byte[] plain, int length, byte[] planes) {
        int count = layout.rowBytes() / 2;
        require(predict(plain, planes, length / layout.rowBytes(), count, layout.samples(), layout.signed()));
    }

    /** Sizes must have been checked. */
    static void unpredict(ImageLayout layout, byte[] planes, byte[] plain, int offset, int length) {
        int count = layout.rowBytes() / 2;
        require(unpredict(planes, plain, offset, length / layout.rowBytes(), count, layout.samples(), layout.signed()));
    }

    /** Sizes must have been checked. */
    static void sort(ImageLayout layout, byte[] planes, int length, byte[] sorted, int[] counts) {
        require(sort(planes, sorted, length / layout.rowBytes(), layout.rowBytes() / 2, counts));
    }

    /** Sizes, and that the counts add up, must have been checked. */
    static boolean unsort(ImageLayout layout, byte[] sorted, int offset, int length, byte[] planes, int[] counts) {
        int found = unsort(sorted, offset, planes, length / layout.rowBytes(), layout.rowBytes() / 2, counts);
        require(found >= 0);
        return found > 0;
    }

    private static void require(boolean done) {
        if (!done) {
            throw new OutOfMemoryError("no memory for a block of samples");
        }
    }

    private static native boolean predict(
            byte[] plain, byte[] planes, int rows, int count, int samples, boolean signed);

    private static native boolean unpredict(
            byte[] planes, byte[] plain, int offset, int rows, int count, int samples, boolean signed);

    private static native boolean sort(byte[] planes, byte[] sorted, int rows, int count, int[] counts);

    private static native int unsort(byte[] sorted, int offset, byte[] planes, int rows, int count, int[] counts);
}
