package org.strongroom.plugin.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.format.v1.ImageLayout;

/** Decodes blocks (format.md §3.3). Keeps its working memory between calls: for one thread. */
public final class BlockDecoder {
    /** The counts before the frames of a sorted block. */
    static final int SORTED_START = 4 * Classes.COUNTS;

    /** Frees what zstd holds outside of the heap when a decoder is collected. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final Planes samples = new Planes();
    private final Classes classes = new Classes();
    private final int[] counts = new int[Classes.COUNTS];
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private byte[] planes = new byte[0];

    public BlockDecoder() {
        CLEANER.register(this, zstd::close);
    }

    /**
     * Fills {@code plain[plainOffset, plainOffset + plainLength)} from a stored block. Never writes or allocates more, whatever
     * the stored bytes claim.
     *
     * @param layout of the header; may be null if the codec does not need it
     * @throws StrongroomException CORRUPT if the stored bytes are not such a block
     */
    public void decode(
            BlockCodec codec,
            byte[] stored,
            int storedOffset,
            int storedLength,
            byte[] plain,
            int plainOffset,
            int plainLength,
            ImageLayout layout) {
        Objects.checkFromIndexSize(storedOffset, storedLength, stored.length);
        Objects.checkFromIndexSize(plainOffset, plainLength, plain.length);
        if (codec.needsLayout() && (layout == null || plainLength % layout.rowBytes() != 0)) {
            throw corrupt("image block is not made of rows");
        }
        switch (codec) {
            case STORE -> {
                if (storedLength != plainLength) {
                    throw corrupt("stored block has another length");
                }
                System.arraycopy(stored, storedOffset, plain, plainOffset, plainLength);
            }
            case ZSTD -> decompressOne(stored, storedOffset, storedLength, plain, plainOffset, plainLength);
            case IMAGE -> {
                decompressOne(stored, storedOffset, storedLength, planes(plainLength), 0, plainLength);
                samples.unpredict(layout, planes, plain, plainOffset, plainLength);
            }
            case SORTED -> {
                if (storedLength < SORTED_START) {
                    throw corrupt("sorted block is too short");
                }
                ByteBuffer.wrap(stored, storedOffset, SORTED_START)
                        .asIntBuffer()
                        .get(counts);
                // Sorted planes are as long as the plain bytes, and wait where those will be.
                int frames = storedOffset + SORTED_START;
                requireFrames(stored, frames, storedLength - SORTED_START);
                decompress(stored, frames, storedLength - SORTED_START, plain, plainOffset, plainLength);
                if (!classes.unsort(layout, plain, plainOffset, plainLength, planes(plainLength), counts)) {
                    throw corrupt("sorted block has wrong counts");
                }
                samples.unpredict(layout, planes, plain, plainOffset, plainLength);
            }
            case SHUFFLE -> {
                decompressOne(stored, storedOffset, storedLength, planes(plainLength), 0, plainLength);
                samples.unshuffle(layout, planes, plain, plainOffset, plainLength);
            }
        }
    }

    /** Bytes of working memory that are kept until the next call. */
    public int kept() {
        return planes.length + samples.kept();
    }

    private byte[] planes(int length) {
        if (planes.length < length) {
            planes = new byte[length];
        }
        return planes;
    }

    private void decompressOne(
            byte[] stored, int offset, int length, byte[] target, int targetOffset, int plainLength) {
        if (length == 0 || frame(stored, offset, length) != length) {
            throw corrupt("block is not one zstd frame");
        }
        decompress(stored, offset, length, target, targetOffset, plainLength);
    }

    private static void requireFrames(byte[] stored, int offset, int length) {
        for (int at = 0; at < length; ) {
            at += frame(stored, offset + at, length - at);
        }
    }

    /** How long the frame is that begins here: at least one byte. */
    private static int frame(byte[] stored, int offset, int length) {
        long found;
        try {
            found = Zstd.findFrameCompressedSize(stored, offset, length);
        } catch (ZstdException e) {
            throw corrupt("block is not made of zstd frames").causedBy(e);
        }
        if (found < 1 || found > length) {
            throw corrupt("block is not made of zstd frames");
        }
        return (int) found;
    }

    private void decompress(byte[] stored, int offset, int length, byte[] target, int targetOffset, int plainLength) {
        int count;
        try {
            count = zstd.decompressByteArray(target, targetOffset, plainLength, stored, offset, length);
        } catch (ZstdException e) {
            throw corrupt("zstd frame does not decode").causedBy(e);
        }
        if (count != plainLength) {
            throw corrupt("zstd frame has another length");
        }
    }

    private static StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text);
    }
}
