package org.strongroom.plugin.seal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.format.v1.BlockTable;
import org.strongroom.core.format.v1.CobblestoneSealer;
import org.strongroom.core.format.v1.HeadCodec;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.codec.BlockEncoder;
import org.strongroom.plugin.codec.BlockPlan;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.codec.PixelData;

/**
 * Writes sealed files (format.md §3). Takes about 6 MiB per file being sealed at the same time, whatever the size of the files; the memory
 * is kept for the next file. A long head takes 12 MiB more for a moment. No more than two for each processor are sealed at the same time, and
 * no more than the heap has room for (decision 0082); the others wait for their turn: more would not be quicker. Thread-safe.
 */
public final class Sealer {
    /** Of the heap, for each file that is sealed at the same time: it takes a quarter of this. */
    private static final long SHARE = 24L << 20;
    /** Of the heap, for each long head that is encoded at the same time. */
    private static final long LONG_HEAD_SHARE = 80L << 20;
    /** Samples: the memory of a prediction grows with the rows, and wider ones are no images. */
    private static final int WIDEST_ROW = 1 << 16;

    private final SecureRandom random;
    private final ConcurrentLinkedQueue<Desk> desks = new ConcurrentLinkedQueue<>();
    private final Semaphore turns;
    private final Semaphore longHeads;

    /** @param random where salts come from */
    public Sealer(SecureRandom random) {
        this(
                random,
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory());
    }

    Sealer(SecureRandom random, int processors, long heap) {
        this.random = random;
        this.turns = new Semaphore((int) Math.max(1, Math.min(2L * processors, heap / SHARE)), true);
        this.longHeads = new Semaphore((int) Math.max(1, Math.min(processors, heap / LONG_HEAD_SHARE)), true);
    }

    /** What one thread works with. */
    private static final class Desk {
        final BlockEncoder encoder = new BlockEncoder();
        final byte[] plain = new byte[BlockTable.WRITTEN_BLOCK];
    }

    /**
     * Seals one attachment. What was written when this throws is no sealed file and never opens.
     *
     * @param key the key whose id is in the request
     * @param out receives the file from its position on; not forced to disk, not closed
     * @throws IOException if plain bytes cannot be read or sealed ones not be written
     */
    public Sealed seal(SealRequest request, Key32 key, WritableByteChannel out, EncodeEffort effort)
            throws IOException {
        turns.acquireUninterruptibly();
        try {
            Desk desk = desks.poll();
            if (desk == null) {
                desk = new Desk();
            }
            Sealed sealed = seal(request, key, out, effort, desk);
            desks.add(desk); // one that failed is left to the collector
            return sealed;
        } finally {
            turns.release();
        }
    }

    private Sealed seal(SealRequest request, Key32 key, WritableByteChannel channel, EncodeEffort effort, Desk desk)
            throws IOException {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        int headSize = request.headSize() > SealedHeader.MAX_HEAD_SIZE ? 0 : (int) request.headSize();
        PixelData pixels = believed(request, headSize);
        SealedHeader header = headSize > BlockTable.WRITTEN_BLOCK
                ? writeLongHead(request, headSize, pixels, key, out, effort)
                : writeHead(request, headSize, pixels, key, out, effort, desk.encoder);
        CobblestoneSealer message = CobblestoneSealer.begin(key, Contexts.body(header), random, out);
        writeBody(request.plain(), headSize, pixels, message, effort, desk);
        message.finish();
        out.flush();
        return new Sealed(header, header.headPieceSize() + message.size());
    }

    /** With an encoder of its own, which is left to the collector: one that grew so far would keep what it took. */
    private SealedHeader writeLongHead(
            SealRequest request, int headSize, PixelData pixels, Key32 key, OutputStream out, EncodeEffort effort)
            throws IOException {
        longHeads.acquireUninterruptibly();
        try {
            return writeHead(request, headSize, pixels, key, out, effort, new BlockEncoder());
        } finally {
            longHeads.release();
        }
    }

    /** Header and head. */
    private SealedHeader writeHead(
            SealRequest request,
            int headSize,
            PixelData pixels,
            Key32 key,
            OutputStream out,
            EncodeEffort effort,
            BlockEncoder encoder)
            throws IOException {
        byte[] head = request.plain().read(0, headSize);
        HeadCodec headCodec =
                encoder.encode(head, headSize, null, effort) == BlockCodec.ZSTD ? HeadCodec.ZSTD : HeadCodec.STORE;
        int headStoredSize = encoder.storedLength();
        SealedHeader header = new SealedHeader(
                request.installation(),
                request.attachment(),
                request.tenant(),
                request.keyId(),
                request.seriesTag(),
                request.order(),
                request.contentType(),
                request.plain().size(),
                headSize,
                headStoredSize,
                headCodec,
                pixels == null ? null : pixels.layout());
        out.write(header.encode());
        if (headSize > 0) {
            CobblestoneSealer message = CobblestoneSealer.begin(key, Contexts.head(header), random, out);
            message.write(encoder.stored(), 0, headStoredSize);
            message.finish();
        }
        return header;
    }

    /** Blocks and table (format.md §3.3). */
    private static void writeBody(
            ByteSource plain, int start, PixelData pixels, CobblestoneSealer message, EncodeEffort effort, Desk desk)
            throws IOException {
        List<BlockPlan.Block> plan = BlockPlan.of(start, plain.size(), pixels);
        BlockTable.Builder builder = new BlockTable.Builder();
        long at = start;
        for (BlockPlan.Block block : plan) {
            plain.read(at, desk.plain, 0, block.length());
            at += block.length();
            BlockCodec codec =
                    desk.encoder.encode(desk.plain, block.length(), block.rows() ? pixels.layout() : null, effort);
            message.write(desk.encoder.stored(), 0, desk.encoder.storedLength());
            builder.add(codec, block.length(), desk.encoder.storedLength());
        }
        byte[] table = builder.build().encode();
        message.write(table, 0, table.length);
    }

    /** The pixels if at least one full row of them, of a usual width, lies where the request says, after the head. */
    private static PixelData believed(SealRequest request, int headSize) {
        if (request.pixels() == null) {
            return null;
        }
        PixelData pixels = request.pixels().within(request.plain().size());
        boolean isWide = pixels.layout().rowBytes() / pixels.layout().wordBytes() > WIDEST_ROW;
        return pixels.offset() < headSize || pixels.rowsLength() == 0 || isWide ? null : pixels;
    }
}
