package org.strongroom.plugin.offline.tier;

import java.io.EOFException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.strongroom.core.io.ByteSource;

/**
 * A source read in large aligned blocks, the last few of which are kept: a pack's heads and bodies are read side by side, each
 * in order, and every block is asked of the tier once. Used by one thread.
 */
public final class RecentBlocks implements ByteSource {
    static final int BLOCK = 4 << 20;
    private static final int KEPT = 4;

    private final ByteSource source;
    private final Map<Long, byte[]> blocks = new LinkedHashMap<>(16, 0.75f, true);

    public RecentBlocks(ByteSource source) {
        this.source = source;
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        if (position < 0 || length < 0 || position > size() - length) {
            throw new EOFException("range leaves the object");
        }
        int done = 0;
        while (done < length) {
            long at = position + done;
            byte[] block = block(at / BLOCK);
            int from = (int) (at % BLOCK);
            int count = Math.min(length - done, block.length - from);
            System.arraycopy(block, from, target, targetOffset + done, count);
            done += count;
        }
    }

    private byte[] block(long number) throws IOException {
        byte[] block = blocks.get(number);
        if (block == null) {
            long start = number * BLOCK;
            block = source.read(start, (int) Math.min(BLOCK, size() - start));
            blocks.put(number, block);
            if (blocks.size() > KEPT) {
                blocks.remove(blocks.keySet().iterator().next());
            }
        }
        return block;
    }
}
