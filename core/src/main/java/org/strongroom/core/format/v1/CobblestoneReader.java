package org.strongroom.core.format.v1;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntFunction;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;

/**
 * The plain bytes of a Cobblestone-256 message (format.md §2), at any position. A read opens the chunks it touches and no
 * others; adjacent chunks are fetched with one read of up to 4 MiB. Safe for several threads. A wrong bit is CORRUPT; what
 * the target array holds then is undefined. Holds the message's key as long as it lives.
 */
public final class CobblestoneReader implements ByteSource {
    private static final int CHUNKS_AT_ONCE = 256;

    private final ByteSource message;
    private final MessageKeys keys;
    private final ChunkCipher cipher;
    private final long size;

    private CobblestoneReader(ByteSource message, MessageKeys keys, ChunkCipher cipher, long size) {
        this.message = message;
        this.keys = keys;
        this.cipher = cipher;
        this.size = size;
    }

    /**
     * Reads salt and commitment of a message and checks that it belongs to key and context.
     *
     * @param message all of the message and nothing else
     * @throws StrongroomException CORRUPT if the length is impossible or the commitment is another key's or context's
     */
    public static CobblestoneReader open(Key32 key, byte[] context, ByteSource message) throws IOException {
        long size = Cobblestone.plainSize(message.size());
        byte[] prefix = message.read(0, Cobblestone.PREFIX);
        MessageKeys keys = MessageKeys.derive(key, Arrays.copyOf(prefix, Cobblestone.SALT_SIZE), context);
        if (!keys.commitsTo(Arrays.copyOfRange(prefix, Cobblestone.SALT_SIZE, Cobblestone.PREFIX))) {
            throw StrongroomException.of(FailureKind.CORRUPT, "sealed message belongs to another key or another place");
        }
        return new CobblestoneReader(message, keys, Cobblestone.cipher(keys), size);
    }

    /** This message, read from another copy of it: a range in memory now, the file later. */
    public CobblestoneReader from(ByteSource copy) {
        if (copy.size() != message.size()) {
            throw new IllegalArgumentException("a copy of " + copy.size() + " bytes, not " + message.size());
        }
        return new CobblestoneReader(copy, keys, cipher, size);
    }

    /** Plain bytes in the message. What it says is proven only by opening the last chunk. */
    @Override
    public long size() {
        return size;
    }

    /** How many chunks there are, the short last one included: at least 1. */
    public long chunks() {
        return size / Cobblestone.CHUNK_PLAIN + 1;
    }

    /** The plain bytes of one chunk: 16,384, or fewer if it is the last. */
    public byte[] chunk(long number) throws IOException {
        Objects.checkIndex(number, chunks());
        byte[] sealed = message.read(Cobblestone.chunkPosition(number), plainLength(number) + ChunkCipher.TAG_SIZE);
        byte[] plain = new byte[plainLength(number)];
        openChunk(number, sealed, 0, sealed.length, plain, 0);
        return plain;
    }

    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        read(position, target, targetOffset, length, byte[]::new);
    }

    /**
     * {@link #read(long, byte[], int, int)} for a caller who keeps memory between calls.
     *
     * @param memory gives at least as many bytes as it is asked for, at most 4 MiB and the tags in it, for this call alone; not the target
     */
    public void read(long position, byte[] target, int targetOffset, int length, IntFunction<byte[]> memory)
            throws IOException {
        Objects.checkFromIndexSize(targetOffset, length, target.length);
        if (position < 0 || position > size - length) {
            throw new EOFException("range leaves the message");
        }
        if (length == 0 && position < size) {
            return;
        }
        // A read that reaches the end opens the last chunk even if that is empty: else a message cut at a chunk's end
        // would pass.
        long end = position + length;
        long first = position / Cobblestone.CHUNK_PLAIN;
        long last = end == size ? chunks() - 1 : (end - 1) / Cobblestone.CHUNK_PLAIN;
        for (long from = first; from <= last; from += CHUNKS_AT_ONCE) {
            long to = Math.min(last, from + CHUNKS_AT_ONCE - 1);
            openChunks(from, to, position, target, targetOffset, length, memory);
        }
    }

    private void openChunks(
            long from, long to, long position, byte[] target, int targetOffset, int length, IntFunction<byte[]> memory)
            throws IOException {
        int sealedLength = (int) (to - from) * Cobblestone.CHUNK_SEALED + plainLength(to) + ChunkCipher.TAG_SIZE;
        byte[] sealed = memory.apply(sealedLength);
        message.read(Cobblestone.chunkPosition(from), sealed, 0, sealedLength);
        byte[] scratch = null;
        int at = 0;
        for (long number = from; number <= to; number++) {
            int plain = plainLength(number);
            long start = number * Cobblestone.CHUNK_PLAIN - position; // where the chunk lies in the wanted range
            if (start >= 0 && start + plain <= length) {
                openChunk(number, sealed, at, plain + ChunkCipher.TAG_SIZE, target, targetOffset + (int) start);
            } else {
                scratch = scratch == null ? new byte[Cobblestone.CHUNK_PLAIN] : scratch;
                openChunk(number, sealed, at, plain + ChunkCipher.TAG_SIZE, scratch, 0);
                int skip = (int) Math.max(0, -start);
                int to0 = (int) Math.max(0, start);
                System.arraycopy(scratch, skip, target, targetOffset + to0, Math.min(plain - skip, length - to0));
            }
            at += Cobblestone.CHUNK_SEALED;
        }
    }

    private void openChunk(long number, byte[] sealed, int offset, int length, byte[] plain, int plainOffset) {
        if (!cipher.open(keys.nonce(number), sealed, offset, length, plain, plainOffset)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "sealed chunk does not open")
                    .with("chunk", number);
        }
    }

    private int plainLength(long number) {
        return (int) Math.min(Cobblestone.CHUNK_PLAIN, size - number * Cobblestone.CHUNK_PLAIN);
    }
}
