package org.strongroom.plugin.codec;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;
import java.util.Objects;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.format.v1.ImageLayout;

/**
 * Encodes blocks (format.md §3.3). Every result has been decoded again and compared, and is shorter than the block or the
 * block itself. Keeps its working memory between calls, about five times the longest block: for one thread.
 */
public final class BlockEncoder {
    private static final int IMAGE_LEVEL = 1;
    private static final int OPAQUE_LEVEL = 3;
    /** Shorter blocks are tried whole. */
    private static final int PROBED_LENGTH = 64 << 10;

    /** Nothing gains from these: an element header, a byte of padding. */
    private static final int TINY_LENGTH = 32;

    private static final int PROBES = 4;
    private static final int PROBE_LENGTH = 4 << 10;

    private final Planes samples = new Planes();
    private final BlockDecoder decoder = new BlockDecoder();
    private final byte[] probe = new byte[PROBES * PROBE_LENGTH];
    private byte[] planes = new byte[0];
    private byte[] check = new byte[0];
    private byte[] spare = new byte[0];
    private byte[] best = new byte[0];
    private int bestLength;
    private BlockCodec bestCodec;
    private byte[] stored = new byte[0];

    /**
     * Encodes {@code plain[0, length)}; {@link #stored} and {@link #storedLength} then tell the result.
     *
     * @param layout null for bytes that are no whole rows of samples
     */
    public BlockCodec encode(byte[] plain, int length, ImageLayout layout, EncodeEffort effort) {
        Objects.checkFromIndexSize(0, length, plain.length);
        bestCodec = BlockCodec.STORE;
        bestLength = length;
        if (layout == null) {
            if (mayShrink(plain, length)) {
                attempt(
                        BlockCodec.ZSTD,
                        plain,
                        length,
                        null,
                        effort == EncodeEffort.IMAGE ? OPAQUE_LEVEL : IMAGE_LEVEL);
            }
        } else if (effort == EncodeEffort.ZSTD || (layout.wordBytes() == 1 && effort == EncodeEffort.SHUFFLE)) {
            attempt(BlockCodec.ZSTD, plain, length, layout, IMAGE_LEVEL);
        } else if (effort == EncodeEffort.SHUFFLE) {
            attempt(BlockCodec.SHUFFLE, plain, length, layout, IMAGE_LEVEL);
        } else {
            attempt(BlockCodec.IMAGE, plain, length, layout, IMAGE_LEVEL);
            if (layout.wordBytes() == 1) {
                // Screenshots, overlays and masks of 8 bits repeat exactly, and prediction would hide that.
                attempt(BlockCodec.ZSTD, plain, length, layout, IMAGE_LEVEL);
            }
        }
        if (bestCodec != BlockCodec.STORE && !comesBack(plain, length, layout)) {
            bestCodec = BlockCodec.STORE;
            bestLength = length;
        }
        stored = bestCodec == BlockCodec.STORE ? plain : best;
        return bestCodec;
    }

    /** The stored bytes of the last block, from index 0: its own array or this encoder's, until the next call. */
    public byte[] stored() {
        return stored;
    }

    public int storedLength() {
        return bestLength;
    }

    private void attempt(BlockCodec codec, byte[] plain, int length, ImageLayout layout, int level) {
        byte[] source = plain;
        if (codec.needsLayout()) {
            planes = atLeast(planes, length);
            source = planes;
            if (codec == BlockCodec.IMAGE) {
                samples.predict(layout, plain, length, planes);
            } else {
                samples.shuffle(layout, plain, length, planes);
            }
        }
        spare = atLeast(spare, (int) Zstd.compressBound(length));
        long count = Zstd.compressByteArray(spare, 0, spare.length, source, 0, length, level);
        if (count < bestLength) {
            byte[] loser = best;
            best = spare;
            spare = loser;
            bestLength = (int) count;
            bestCodec = codec;
        }
    }

    private boolean comesBack(byte[] plain, int length, ImageLayout layout) {
        check = atLeast(check, length);
        try {
            decoder.decode(bestCodec, best, 0, bestLength, check, 0, length, layout);
        } catch (StrongroomException e) {
            return false; // the block is then stored as it is, which needs no decoder
        }
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
        return Zstd.compressByteArray(spare, 0, spare.length, probe, 0, probe.length, 1) < probe.length * 63L / 64;
    }

    private static byte[] atLeast(byte[] array, int length) {
        return array.length >= length ? array : new byte[length];
    }
}
