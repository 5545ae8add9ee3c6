package org.strongroom.core.io;

import java.io.IOException;

/** Bytes that count how often and how much of them is read. For one thread. */
public final class CountingSource implements ByteSource {
    private final ByteSource bytes;
    private int reads;
    private long read;

    public CountingSource(byte[] content) {
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

    public int reads() {
        return reads;
    }

    public long bytes() {
        return read;
    }

    public void reset() {
        reads = 0;
        read = 0;
    }
}
