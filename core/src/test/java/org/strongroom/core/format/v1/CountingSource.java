package org.strongroom.core.format.v1;

import java.io.IOException;
import org.strongroom.core.io.ByteSource;

/** Bytes that count how often and how much of them is read. For one thread. */
final class CountingSource implements ByteSource {
    private final ByteSource bytes;
    private int reads;
    private long read;

    CountingSource(byte[] content) {
        this.bytes = ByteSource.of(content);
    }

    @Override
    public long size() {
        return bytes.size();
    }

    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        reads++;
        read += length;
        bytes.read(position, target, targetOffset, length);
    }

    int reads() {
        return reads;
    }

    long bytes() {
        return read;
    }

    void reset() {
        reads = 0;
        read = 0;
    }
}
