package org.strongroom.plugin.codec;

import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.format.v1.BlockTable;
import org.strongroom.core.format.v1.ImageLayout;

/** Where a body is cut into blocks (format.md §3.4). */
public final class BlockPlan {
    private static final int SMALL_FRAME = 256 << 10;

    private final List<Block> blocks = new ArrayList<>();

    private BlockPlan() {}

    /**
     * One block to be.
     *
     * @param length plain bytes, 1 byte to 1 MiB
     * @param rows whether it holds whole rows of samples
     */
    public record Block(int length, boolean rows) {}

    /**
     * The blocks of the bytes from {@code start} to {@code end} of an attachment.
     *
     * @param pixels null if it holds no native pixels; else within {@code start} and {@code end}
     */
    public static List<Block> of(long start, long end, PixelData pixels) {
        BlockPlan plan = new BlockPlan();
        if (pixels == null) {
            plan.opaque(end - start);
        } else {
            long rows = pixels.rowsLength();
            if (pixels.offset() < start || pixels.offset() + rows > end) {
                throw new IllegalArgumentException("pixels leave the body");
            }
            plan.opaque(pixels.offset() - start);
            plan.frames(rows, pixels.frameBytes(), pixels.layout());
            plan.opaque(end - pixels.offset() - rows);
        }
        return plan.blocks;
    }

    private void opaque(long length) {
        cut(length, BlockTable.WRITTEN_BLOCK, false);
    }

    private void frames(long length, long frameBytes, ImageLayout layout) {
        if (frameBytes < SMALL_FRAME) {
            cut(length, SMALL_FRAME / frameBytes * frameBytes, true);
            return;
        }
        int rowBytes = layout.rowBytes();
        long rows = frameBytes / rowBytes;
        long bands = ceilDiv(rows, BlockTable.WRITTEN_BLOCK / rowBytes);
        long band = ceilDiv(rows, bands) * rowBytes; // bands of about the same height
        for (long at = 0; at < length; at += frameBytes) {
            cut(Math.min(frameBytes, length - at), band, true);
        }
    }

    private void cut(long length, long most, boolean rows) {
        for (long at = 0; at < length; at += most) {
            blocks.add(new Block((int) Math.min(most, length - at), rows));
        }
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }
}
