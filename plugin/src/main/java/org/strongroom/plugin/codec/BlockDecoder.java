package org.strongroom.plugin.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.format.v1.ImageLayout;

/** Decodes blocks (format.md §3.3). Keeps its working memory between calls: for one thread. */
public final class BlockDecoder {
    private final Planes samples = new Planes();
    private byte[] planes = new byte[0];

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
            case ZSTD -> decompress(stored, storedOffset, storedLength, plain, plainOffset, plainLength);
            case IMAGE -> {
                decompress(stored, storedOffset, storedLength, planes(plainLength), 0, plainLength);
                samples.unpredict(layout, planes, plain, plainOffset, plainLength);
            }
            case SHUFFLE -> {
                decompress(stored, storedOffset, storedLength, planes(plainLength), 0, plainLength);
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

    private static void decompress(
            byte[] stored, int storedOffset, int storedLength, byte[] target, int targetOffset, int length) {
        long count;
        try {
            if (storedLength == 0 || Zstd.findFrameCompressedSize(stored, storedOffset, storedLength) != storedLength) {
                throw corrupt("block is not one zstd frame");
            }
            count = Zstd.decompressByteArray(target, targetOffset, length, stored, storedOffset, storedLength);
        } catch (ZstdException e) {
            throw corrupt("zstd frame does not decode").causedBy(e);
        }
        if (count != length) {
            throw corrupt("zstd frame has another length");
        }
    }

    private static StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text);
    }
}
