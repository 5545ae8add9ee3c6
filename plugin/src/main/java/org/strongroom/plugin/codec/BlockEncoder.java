package org.strongroom.plugin.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.format.v1.ImageLayout;

/**
 * Encodes blocks (format.md §3.3). Every result has been decoded again and compared, and is shorter than the block or the
 * block itself. Keeps its working memory between calls, about five times the longest block: for one thread.
 */
public final class BlockEncoder {
    private static final Logger LOG = System.getLogger(BlockEncoder.class.getName());
    private static final int IMAGE_LEVEL = 1;
    private static final int OPAQUE_LEVEL = 3;
    /** For the head of a small instance, where each byte counts: 2 % of it for 40 µs. */
    private static final int SHORT_LEVEL = 13;

    private static final int SHORT_LENGTH = 1 << 10;
    /** Shorter blocks are tried whole. */
    private static final int PROBED_LENGTH = 64 << 10;

    /** Nothing gains from these: an element header, a byte of padding. */
    private static final int TINY_LENGTH = 32;

    /** What zstd's bound of a frame exceeds the bytes by, at most, where it is short. */
    private static final int FRAME = 1 << 10;

    private static final int PROBES = 4;
    private static final int PROBE_LENGTH = 4 << 10;

    /** Below this, tables for each class cost more than they save. */
    private static final int SORTED_LENGTH = 16 << 10;

    /** What shrinks to less than this part of itself may repeat, and sorting would hide that. */
    private static final int REPETITIVE = 8;

    /** What is sorted is noise, and its few chance matches cost more than they save: only runs are looked for. */
    private static final int NOISE_MATCH = 7;

    private static final int NOISE_HASH_LOG = 6;

    /** Frees what zstd holds outside of the heap when an encoder is collected. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final Planes samples = new Planes();
    private final Classes classes = new Classes();
    private final int[] counts = new int[Classes.COUNTS];
    private final Decoder decoder;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final byte[] probe = new byte[PROBES * PROBE_LENGTH];
    private byte[] planes = new byte[0];
    private byte[] check = new byte[0];
    private byte[] spare = new byte[0];
    private byte[] best = new byte[0];
    private int bestLength;
    private BlockCodec bestCodec;
    private byte[] stored = new byte[0];

    /** {@link BlockDecoder#decode}, by which every block is proven. */
    @FunctionalInterface
    interface Decoder {
        void decode(
                BlockCodec codec,
                byte[] stored,
                int storedOffset,
                int storedLength,
                byte[] plain,
                int plainOffset,
                int plainLength,
                ImageLayout layout);
    }

    public BlockEncoder() {
        this(new BlockDecoder()::decode);
    }

    BlockEncoder(Decoder decoder) {
        this.decoder = decoder;
        CLEANER.register(this, zstd::close);
    }

    /**
     * Encodes {@code plain[0, length)}; {@link #stored} and {@link #storedLength} then tell the result. A defect in a codec costs
     * its gain and never the block.
     *
     * @param layout null for bytes that are no whole rows of samples
     */
    public BlockCodec encode(byte[] plain, int length, ImageLayout layout, EncodeEffort effort) {
        Objects.checkFromIndexSize(0, length, plain.length);
        storeAsItIs(length);
        try {
            choose(plain, length, layout, effort);
            if (bestCodec != BlockCodec.STORE && !comesBack(plain, length, layout)) {
                storeAsItIs(length);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A block could not be encoded, which is a defect: it is stored as it is", e);
            storeAsItIs(length);
        }
        stored = bestCodec == BlockCodec.STORE ? plain : best;
        return bestCodec;
    }

    private void storeAsItIs(int length) {
        bestCodec = BlockCodec.STORE;
        bestLength = length;
    }

    private void choose(byte[] plain, int length, ImageLayout layout, EncodeEffort effort) {
        if (layout == null) {
            if (mayShrink(plain, length)) {
                int level = length <= SHORT_LENGTH ? SHORT_LEVEL : OPAQUE_LEVEL;
                attempt(BlockCodec.ZSTD, plain, length, effort == EncodeEffort.IMAGE ? level : IMAGE_LEVEL);
            }
        } else if (effort == EncodeEffort.ZSTD || (layout.wordBytes() == 1 && effort == EncodeEffort.SHUFFLE)) {
            attempt(BlockCodec.ZSTD, plain, length, IMAGE_LEVEL);
        } else if (effort == EncodeEffort.SHUFFLE) {
            planes = atLeast(planes, length);
            samples.shuffle(layout, plain, length, planes);
            attempt(BlockCodec.SHUFFLE, planes, length, IMAGE_LEVEL);
        } else {
            predict(plain, length, layout);
        }
    }

    /** The stored bytes of the last block, from index 0: its own array or this encoder's, until the next call. */
    public byte[] stored() {
        return stored;
    }

    public int storedLength() {
        return bestLength;
    }

    private void predict(byte[] plain, int length, ImageLayout layout) {
        planes = atLeast(planes, length);
        samples.predict(layout, plain, length, planes);
        boolean sorted = layout.wordBytes() == 2 && layout.samples() == 1 && length >= SORTED_LENGTH;
        if (sorted) {
            attemptSorted(length, layout);
        }
        if (!sorted || bestLength < length / REPETITIVE) {
            attempt(BlockCodec.IMAGE, planes, length, IMAGE_LEVEL);
        }
        if (layout.wordBytes() == 1) {
            // Screenshots, overlays and masks of 8 bits repeat exactly, and prediction would hide that.
            attempt(BlockCodec.ZSTD, plain, length, IMAGE_LEVEL);
        }
    }

    private void attempt(BlockCodec codec, byte[] source, int length, int level) {
        spare = atLeast(spare, (int) Zstd.compressBound(length));
        take(codec, compress(source, 0, length, 0, level));
    }

    /** The predicted planes by class: the high bytes in one frame, and the low ones of each class in one with tables of its own. */
    private void attemptSorted(int length, ImageLayout layout) {
        check = atLeast(check, length);
        classes.sort(layout, planes, length, check, counts);
        // Each frame costs at most what it would beside others, and there are few.
        int most = BlockDecoder.SORTED_START + (Classes.COUNT + 1) * FRAME + (int) Zstd.compressBound(length);
        spare = atLeast(spare, most);
        ByteBuffer.wrap(spare).asIntBuffer().put(counts);
        int from = length / 2;
        int end = BlockDecoder.SORTED_START;
        zstd.setMinMatch(NOISE_MATCH).setHashLog(NOISE_HASH_LOG);
        try {
            end += compress(check, 0, from, end, IMAGE_LEVEL);
            for (int k = 0; k < Classes.COUNT; k++) {
                int size = counts[k] + counts[k + Classes.COUNT];
                if (size > 0) {
                    end += compress(check, from, size, end, IMAGE_LEVEL);
                    from += size;
                }
            }
        } finally {
            zstd.setMinMatch(0).setHashLog(0); // as the level says
        }
        take(BlockCodec.SORTED, end);
    }

    /** Compresses into {@link #spare}; how many bytes came of it. */
    private int compress(byte[] source, int offset, int length, int at, int level) {
        zstd.setLevel(level);
        return zstd.compressByteArray(spare, at, spare.length - at, source, offset, length);
    }

    /** Keeps what is in {@link #spare} if it is the shortest so far. */
    private void take(BlockCodec codec, int length) {
        if (length < bestLength) {
            byte[] loser = best;
            best = spare;
            spare = loser;
            bestLength = length;
            bestCodec = codec;
        }
    }

    private boolean comesBack(byte[] plain, int length, ImageLayout layout) {
        check = atLeast(check, length);
        decoder.decode(bestCodec, best, 0, bestLength, check, 0, length, layout);
        return Arrays.equals(plain, 0, length, check, 0, length);
    }

    /** Whether a few samples of the bytes compress: JPEG and its like are not burnt through for nothing. */
    private boolean mayShrink(byte[] plain, int length) {
        if (length < PROBED_LENGTH) {
            return length > TINY_LENGTH;
        }
        for (int i = 0; i < PROBES; i++) {
            int at = (int) ((long) (length - PROBE_LENGTH) * i / (PROBES - 1));
            System.arraycopy(plain, at, probe, i * PROBE_LENGTH, PROBE_LENGTH);
        }
        spare = atLeast(spare, (int) Zstd.compressBound(probe.length));
        return compress(probe, 0, probe.length, 0, IMAGE_LEVEL) < probe.length * 63L / 64;
    }

    private static byte[] atLeast(byte[] array, int length) {
        return array.length >= length ? array : new byte[length];
    }
}
