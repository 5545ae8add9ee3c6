package org.strongroom.plugin.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.strongroom.core.format.v1.Tag16;

/** Cuts one file into chunks (format.md §10). For one thread. */
@FunctionalInterface
interface Cuts {
    /** The next chunk; empty at the end. */
    byte[] next() throws IOException;

    /** After so many bytes each: for what is changed in place. */
    static Cuts fixed(InputStream in, int length) {
        return () -> in.readNBytes(length);
    }

    /** Gives a keyed hash. */
    @FunctionalInterface
    interface Tagging {
        Tag16 tag(byte[] text);
    }

    /**
     * Where the last 64 bytes say so: for what is inserted into. What comes after an insertion is cut as before.
     *
     * @param tags whose key decides where, so that lengths tell less of what the file is
     */
    static Cuts byContent(InputStream in, Tagging tags) {
        return new ByContent(in, tags);
    }

    /** A gear hash: a byte moves out of it after 64 others. */
    final class ByContent implements Cuts {
        static final int SHORTEST = 16 * 1024;
        static final int LONGEST = 1024 * 1024;
        /** After the shortest, one place in 2^16 is a cut. */
        private static final long PLACE = -1L << (Long.SIZE - 16);

        private final InputStream in;
        private final long[] gear = new long[256];
        private final byte[] ahead = new byte[LONGEST];
        private int held;

        private ByContent(InputStream in, Tagging tags) {
            this.in = in;
            for (int value = 0; value < gear.length; value++) {
                gear[value] = ByteBuffer.wrap(
                                tags.tag(new byte[] {(byte) value}).toBytes())
                        .getLong();
            }
        }

        @Override
        public byte[] next() throws IOException {
            held += in.readNBytes(ahead, held, ahead.length - held);
            int length = cut();
            byte[] chunk = Arrays.copyOf(ahead, length);
            held -= length;
            System.arraycopy(ahead, length, ahead, 0, held);
            return chunk;
        }

        private int cut() {
            long hash = 0;
            for (int i = Math.max(0, SHORTEST - Long.SIZE); i < held; i++) {
                hash = (hash << 1) + gear[ahead[i] & 0xff];
                if (i >= SHORTEST && (hash & PLACE) == 0) {
                    return i;
                }
            }
            return held;
        }
    }
}
