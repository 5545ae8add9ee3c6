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
        return new ByteSource() {
            @Override
            public long size() {
                return content.length;
            }

            @Override
            public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
                if (position < 0 || length < 0 || position > content.length - length) {
                    throw new java.io.EOFException("range leaves the source");
                }
                System.arraycopy(content, (int) position, target, targetOffset, length);
            }
        };
    }

    /** The {@code length} bytes of this source from {@code start} on, as a source of their own. */
    default ByteSource slice(long start, long length) {
        Objects.checkFromIndexSize(start, length, size());
        ByteSource whole = this;
        return new ByteSource() {
            @Override
            public long size() {
                return length;
            }

            @Override
            public void read(long position, byte[] target, int targetOffset, int count) throws IOException {
                if (position < 0 || count < 0 || position > length - count) {
                    throw new java.io.EOFException("range leaves the slice");
                }
                whole.read(start + position, target, targetOffset, count);
            }
        };
    }
}
