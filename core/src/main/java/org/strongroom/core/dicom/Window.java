package org.strongroom.core.dicom;

import java.io.IOException;
import org.strongroom.core.io.ByteSource;

/** Forward reading of small fields through one fixed buffer. Callers ask {@link #has} before they read. */
final class Window {
    private static final int BUFFER = 16 * 1024;

    private final ByteSource source;
    private final byte[] buffer;
    private long start;
    private int count;

    Window(ByteSource source) {
        this.source = source;
        this.buffer = new byte[(int) Math.min(BUFFER, source.size())];
    }

    long size() {
        return source.size();
    }

    boolean has(long position, long length) {
        return length <= source.size() - position;
    }

    int u8(long position) throws IOException {
        return buffer[at(position, 1)] & 0xFF;
    }

    int u16(long position, boolean big) throws IOException {
        int at = at(position, 2);
        int first = buffer[at] & 0xFF;
        int second = buffer[at + 1] & 0xFF;
        return big ? first << 8 | second : second << 8 | first;
    }

    long u32(long position, boolean big) throws IOException {
        int first = u16(position, big);
        int second = u16(position + 2, big);
        return (big ? (long) first << 16 | second : (long) second << 16 | first) & 0xFFFFFFFFL;
    }

    int tag(long position, boolean big) throws IOException {
        return u16(position, big) << 16 | u16(position + 2, big);
    }

    /** A copy of {@code length} bytes, which the caller has bounded. */
    byte[] bytes(long position, int length) throws IOException {
        return source.read(position, length);
    }

    private int at(long position, int length) throws IOException {
        if (position < start || position + length > start + count) {
            count = (int) Math.min(buffer.length, source.size() - position);
            start = position;
            source.read(position, buffer, 0, count);
        }
        return (int) (position - start);
    }
}
