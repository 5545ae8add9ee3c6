package org.strongroom.sidecar.ship;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.replica.OwnDiskException;
import org.strongroom.sidecar.tier.Tier;

/**
 * An object of one tier on its way to another, through a file on this machine: a part is read twice, to be checked and to be
 * sent, and fetched once. For one thread.
 */
final class RelayBlocks implements AutoCloseable {
    static final int BLOCK = 8 << 20;
    /** More than the largest part spans. */
    static final int KEPT = 10;

    private static final int BUFFER = 256 * 1024;

    private final Tier tier;
    private final String object;
    private final long size;
    private final Path folder;
    private final FileChannel file;
    private final Map<Long, Integer> slots = new LinkedHashMap<>(16, 0.75f, true);

    /** @param file made for this, and gone afterwards */
    RelayBlocks(Tier tier, String object, long size, Path file) throws IOException {
        this.tier = tier;
        this.object = object;
        this.size = size;
        this.folder = file.getParent();
        this.file = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    /**
     * Reads bytes of the object.
     *
     * @throws SourceException if the tier does not give them
     */
    void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            long at = position + done;
            int slot = slot(at / BLOCK);
            int inBlock = (int) (at % BLOCK);
            int count = Math.min(length - done, BLOCK - inBlock);
            ByteBuffer into = ByteBuffer.wrap(target, targetOffset + done, count);
            long from = (long) slot * BLOCK + inBlock;
            while (into.hasRemaining()) {
                if (file.read(into, from + into.position() - targetOffset - done) < 0) {
                    throw new EOFException("the relay's file was cut off");
                }
            }
            done += count;
        }
    }

    private int slot(long block) throws IOException {
        Integer known = slots.get(block);
        if (known != null) {
            return known;
        }
        int slot = slots.size();
        if (slot == KEPT) {
            Iterator<Integer> oldest = slots.values().iterator();
            slot = oldest.next();
            oldest.remove();
        }
        fetch(block, slot);
        slots.put(block, slot);
        return slot;
    }

    private void fetch(long block, int slot) throws IOException {
        long start = block * BLOCK;
        long length = Math.min(BLOCK, size - start);
        byte[] buffer = new byte[BUFFER];
        file.position((long) slot * BLOCK);
        try (InputStream in = open(start, length)) {
            for (long left = length; left > 0; ) {
                int count = read(in, buffer, (int) Math.min(buffer.length, left));
                keep(buffer, count);
                left -= count;
            }
        }
    }

    private void keep(byte[] buffer, int count) {
        try {
            DurableFiles.writeFully(file, ByteBuffer.wrap(buffer, 0, count));
        } catch (IOException e) {
            throw OwnDiskException.unwritable(
                    folder, e, "this disk does not take what passes from one tier to another");
        }
    }

    private InputStream open(long start, long length) throws SourceException {
        try {
            return tier.get(object, start, length);
        } catch (StrongroomException e) {
            throw new SourceException(e);
        }
    }

    private static int read(InputStream in, byte[] buffer, int length) throws IOException {
        try {
            int count = in.readNBytes(buffer, 0, length);
            if (count == 0) {
                throw new EOFException("a tier's stream ended early");
            }
            return count;
        } catch (StrongroomException e) {
            throw new SourceException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
