package org.strongroom.sidecar.tier;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The first bytes of a file that may only be read in whole blocks into aligned memory. For one thread. */
final class BlockStream extends InputStream {
    /** A multiple of every block that a file system has. */
    private static final int BUFFER = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer buffer;
    private long left;

    /** @param channel closed with this stream */
    BlockStream(FileChannel channel, long length) {
        this.channel = channel;
        this.buffer = ByteBuffer.allocateDirect(2 * BUFFER)
                .alignedSlice(BUFFER)
                .limit(BUFFER)
                .slice()
                .limit(0);
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        if (!buffer.hasRemaining()) {
            buffer.clear();
            if (channel.read(buffer) <= 0) {
                throw new EOFException("a file is shorter than it was");
            }
            buffer.flip();
        }
        int count = (int) Math.min(Math.min(length, left), buffer.remaining());
        buffer.get(target, offset, count);
        left -= count;
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
