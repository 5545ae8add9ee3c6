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
 * Writes sealed files (format.md §3). Takes about 6 MiB per file being sealed at the same time, whatever the size of the files (and
 * up to 20 MiB more for a head of 4 MiB); the memory is kept for the next file. No more than two for each processor are sealed at the
 * same time, the others wait for their turn: more would not be quicker and need more memory. Thread-safe.
 */
public final class Sealer {
    private final SecureRandom random;
    private final ConcurrentLinkedQueue<Desk> desks = new ConcurrentLinkedQueue<>();
    private final Semaphore turns = new Semaphore(2 * Runtime.getRuntime().availableProcessors(), true);

    /** @param random where salts come from */
    public Sealer(SecureRandom random) {
        this.random = random;
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
            // A desk that failed, or that grew for a rare long head, is left to the collector.
            if (sealed.header().headPlainSize() <= BlockTable.WRITTEN_BLOCK) {
                desks.add(desk);
            }
            return sealed;
        } finally {
            turns.release();
        }
    }

    private Sealed seal(SealRequest request, Key32 key, WritableByteChannel channel, EncodeEffort effort, Desk desk)
            throws IOException {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        int headSize = request.headSize() > SealedHeader.MAX_HEAD_SIZE ? 0 : (int) request.headSize();
        byte[] head = request.plain().read(0, headSize);
        HeadCodec headCodec =
                desk.encoder.encode(head, headSize, null, effort) == BlockCodec.ZSTD ? HeadCodec.ZSTD : HeadCodec.STORE;
        int headStoredSize = desk.encoder.storedLength();
        PixelData pixels = believed(request, headSize);
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
            message.write(desk.encoder.stored(), 0, headStoredSize);
            message.finish();
        }
        CobblestoneSealer message = CobblestoneSealer.begin(key, Contexts.body(header), random, out);
        writeBody(request.plain(), headSize, pixels, message, effort, desk);
        message.finish();
        out.flush();
        return new Sealed(header, header.headPieceSize() + message.size());
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

    /** The pixels if at least one full row of them lies where the request says, after the head. */
    private static PixelData believed(SealRequest request, int headSize) {
        if (request.pixels() == null) {
            return null;
        }
        PixelData pixels = request.pixels().within(request.plain().size());
        return pixels.offset() < headSize || pixels.rowsLength() == 0 ? null : pixels;
    }
}
