package org.strongroom.core.format.v1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/** The blocks of a body: where each lies, plain and stored (format.md §3.3). Immutable. */
public final class BlockTable {
    /** No writer makes a longer block. */
    public static final int WRITTEN_BLOCK = 1 << 20;
    /** No reader accepts a longer block. */
    public static final int MAX_BLOCK = 16 << 20;
    /** No body has more blocks. */
    public static final int MAX_BLOCKS = 1 << 22;

    static final int MAGIC = 0x424c4b31; // "BLK1"
    private static final int ENTRY_SIZE = 9;
    private static final int TAIL_SIZE = 8;
    /** Enough for the table of most bodies, and no more than two chunks. */
    private static final int FIRST_READ = Cobblestone.CHUNK_PLAIN;

    private final BlockCodec[] codecs;
    private final long[] plainEnds;
    private final long[] storedEnds;

    private BlockTable(BlockCodec[] codecs, long[] plainEnds, long[] storedEnds) {
        this.codecs = codecs;
        this.plainEnds = plainEnds;
        this.storedEnds = storedEnds;
    }

    /** Collects the blocks in the order in which they are written. For one thread. */
    public static final class Builder {
        private BlockCodec[] codecs = new BlockCodec[8];
        private long[] plainEnds = new long[8];
        private long[] storedEnds = new long[8];
        private int blocks;

        /** Adds a block: 1 to 16 MiB of plain bytes, stored in at most as many. */
        public Builder add(BlockCodec codec, int plainLength, int storedLength) {
            if (plainLength < 1
                    || plainLength > MAX_BLOCK
                    || storedLength < 1
                    || storedLength > plainLength
                    || (codec == BlockCodec.STORE && storedLength != plainLength)) {
                throw new IllegalArgumentException(codec + " block of " + plainLength + " bytes in " + storedLength);
            }
            if (blocks == MAX_BLOCKS) {
                throw new IllegalArgumentException("more than " + MAX_BLOCKS + " blocks");
            }
            if (blocks == codecs.length) {
                codecs = Arrays.copyOf(codecs, 2 * blocks);
                plainEnds = Arrays.copyOf(plainEnds, 2 * blocks);
                storedEnds = Arrays.copyOf(storedEnds, 2 * blocks);
            }
            codecs[blocks] = codec;
            plainEnds[blocks] = (blocks == 0 ? 0 : plainEnds[blocks - 1]) + plainLength;
            storedEnds[blocks] = (blocks == 0 ? 0 : storedEnds[blocks - 1]) + storedLength;
            blocks++;
            return this;
        }

        public BlockTable build() {
            return new BlockTable(
                    Arrays.copyOf(codecs, blocks), Arrays.copyOf(plainEnds, blocks), Arrays.copyOf(storedEnds, blocks));
        }
    }

    public int blocks() {
        return codecs.length;
    }

    public BlockCodec codec(int block) {
        return codecs[block];
    }

    /** Where a block starts in the plain body; for {@link #blocks()}, the size of the plain body. */
    public long plainStart(int block) {
        return block == 0 ? 0 : plainEnds[block - 1];
    }

    public int plainLength(int block) {
        return (int) (plainEnds[block] - plainStart(block));
    }

    /** Where a block starts in the opened body message; for {@link #blocks()}, where the table starts. */
    public long storedStart(int block) {
        return block == 0 ? 0 : storedEnds[block - 1];
    }

    public int storedLength(int block) {
        return (int) (storedEnds[block] - storedStart(block));
    }

    /** The block that holds plain byte {@code position} of the body. */
    public int blockAt(long position) {
        if (position < 0 || position >= plainStart(blocks())) {
            throw new IndexOutOfBoundsException("byte " + position + " of the body");
        }
        int found = Arrays.binarySearch(plainEnds, position + 1);
        return found >= 0 ? found : -found - 1;
    }

    /** The end of the body message, as it is before sealing: table, number of blocks, magic. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(blocks() * ENTRY_SIZE + TAIL_SIZE);
        for (int block = 0; block < blocks(); block++) {
            out.put((byte) codecs[block].code()).putInt(plainLength(block)).putInt(storedLength(block));
        }
        return out.putInt(blocks()).putInt(MAGIC).array();
    }

    /**
     * Reads the table at the end of an opened body message.
     *
     * @param plainSize what the plain lengths must add up to
     * @param hasLayout whether the header has an image layout: without one no block may need it
     * @throws StrongroomException CORRUPT if it does not fit the message or the body's size
     */
    public static BlockTable read(ByteSource message, long plainSize, boolean hasLayout) throws IOException {
        long size = message.size();
        if (size < TAIL_SIZE) {
            throw corrupt("body is shorter than its table");
        }
        byte[] tail = message.read(size - Math.min(size, FIRST_READ), (int) Math.min(size, FIRST_READ));
        ByteBuffer in = ByteBuffer.wrap(tail, tail.length - TAIL_SIZE, TAIL_SIZE);
        int blocks = in.getInt();
        if (in.getInt() != MAGIC) {
            throw corrupt("body has no table");
        }
        // Every block has at least one plain and one stored byte: a table cannot ask for more memory than it is long
        // itself.
        if (blocks < 0 || blocks > MAX_BLOCKS || blocks > (size - TAIL_SIZE) / (ENTRY_SIZE + 1)) {
            throw corrupt("body cannot have that many blocks").with("blocks", blocks);
        }
        int tableSize = blocks * ENTRY_SIZE + TAIL_SIZE;
        if (tableSize <= tail.length) {
            in = ByteBuffer.wrap(tail, tail.length - tableSize, tableSize);
        } else {
            in = ByteBuffer.wrap(message.read(size - tableSize, tableSize));
        }
        BlockTable table = decode(in, blocks, hasLayout);
        if (table.plainStart(blocks) != plainSize || table.storedStart(blocks) != size - tableSize) {
            throw corrupt("blocks do not add up to the body");
        }
        return table;
    }

    private static BlockTable decode(ByteBuffer in, int blocks, boolean hasLayout) {
        Builder builder = new Builder();
        try {
            for (int block = 0; block < blocks; block++) {
                BlockCodec codec = BlockCodec.of(in.get());
                if (codec.needsLayout() && !hasLayout) {
                    throw corrupt("image block without an image layout");
                }
                builder.add(codec, in.getInt(), in.getInt());
            }
        } catch (IllegalArgumentException e) {
            throw corrupt("body table holds an impossible block").causedBy(e);
        }
        return builder.build();
    }

    private static StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text);
    }
}
