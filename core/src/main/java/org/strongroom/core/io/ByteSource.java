package org.strongroom.core.io;

import java.io.IOException;
import java.util.Objects;

/**
 * Bytes that can be read at any position: Orthanc's buffer, a file, a range in a tier. Reads of one source may come from
 * several threads unless an implementation says otherwise. Obligations: {@link #read} fills the whole range or throws.
 */
public interface ByteSource {
    /** How many bytes there are. Constant for the life of the source. */
    long size();

    /**
     * Fills {@code target[targetOffset, targetOffset + length)} with the bytes from {@code position} on.
     *
     * @throws IOException if they cannot be read; {@link java.io.EOFException} if the range leaves the source
     */
    void read(long position, byte[] target, int targetOffset, int length) throws IOException;

    /** A new array with {@code length} bytes from {@code position} on. */
    default byte[] read(long position, int length) throws IOException {
        Objects.checkFromIndexSize(position, length, size());
        byte[] bytes = new byte[length];
        read(position, bytes, 0, length);
        return bytes;
    }

    /** The bytes of {@code content}, not copied. */
    static ByteSource of(byte[] content) {
        return of(
                content.length,
                (position, target, targetOffset, length) ->
                        System.arraycopy(content, (int) position, target, targetOffset, length));
    }

    /** Fills a part of {@code target}; the range is in the source, and not empty. */
    @FunctionalInterface
    interface Ranges {
        void read(long position, byte[] target, int targetOffset, int length) throws IOException;
    }

    /** {@code size} bytes that are read range by range from somewhere else. */
    static ByteSource of(long size, Ranges ranges) {
        return new ByteSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
                if (position < 0 || length < 0 || position > size - length) {
                    throw new java.io.EOFException("range leaves the source");
                }
                if (length > 0) {
                    ranges.read(position, target, targetOffset, length);
                }
            }
        };
    }

    /** The {@code length} bytes of this source from {@code start} on, as a source of their own. */
    default ByteSource slice(long start, long length) {
        Objects.checkFromIndexSize(start, length, size());
        return of(
                length, (position, target, targetOffset, count) -> read(start + position, target, targetOffset, count));
    }
}
