package org.strongroom.sidecar.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Copies a large file, and later what changed in it since: it is read again, and only other blocks are written. Remembers two check sums of
 * each block that it wrote, of different polynomials; no adversary chooses these bytes. For one thread.
 */
final class BlockCopy {
    static final int BLOCK = 256 * 1024;

    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    private final CRC32 first = new CRC32();
    private final CRC32C second = new CRC32C();
    private long[] sums = new long[0];
    private long written;

    /** Makes {@code target} what {@code source} is, block by block; nobody else writes it from the first call to the last. */
    void copy(Path source, Path target) throws IOException {
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            int known = Math.toIntExact(Math.min(written, out.size()) / BLOCK);
            int index = 0;
            written = 0;
            while (fill(in)) {
                long sum = sum();
                if (index == sums.length) {
                    sums = Arrays.copyOf(sums, Math.max(1024, 2 * sums.length));
                }
                boolean whole = block.remaining() == BLOCK;
                long at = written;
                written += block.remaining();
                if (!whole || index >= known || sums[index] != sum) {
                    while (block.hasRemaining()) {
                        at += out.write(block, at);
                    }
                }
                sums[index++] = sum;
            }
            out.truncate(written);
        }
    }

    /** Whether there was anything more. */
    private boolean fill(FileChannel in) throws IOException {
        block.clear();
        while (block.hasRemaining() && in.read(block) >= 0) {
            // the next part
        }
        return block.flip().hasRemaining();
    }

    private long sum() {
        first.reset();
        second.reset();
        first.update(block.duplicate());
        second.update(block.duplicate());
        return first.getValue() << 32 | second.getValue();
    }
}
