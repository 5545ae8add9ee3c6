package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;

/** The roots of subtrees (RFC 6962 §2.1), from the tiles of a tree of some size. For one thread. */
record Subtrees(Tiles tiles, long size) {
    /**
     * The root that the tree had when it was smaller; no tile of that time is needed.
     *
     * @param old at most {@code size}
     * @throws StrongroomException CORRUPT if a tile is missing
     */
    Sha256 root(long old) throws IOException {
        return old == 0 ? Merkle.empty() : hash(0, old);
    }

    /**
     * The root over entries {@code from} to below {@code to}, where these are a subtree.
     *
     * @throws StrongroomException CORRUPT if a tile is missing
     */
    Sha256 hash(long from, long to) throws IOException {
        long width = to - from;
        if (Long.bitCount(width) == 1) {
            return complete(from, Long.numberOfTrailingZeros(width));
        }
        long middle = from + Long.highestOneBit(width - 1);
        return Merkle.node(hash(from, middle), hash(middle, to));
    }

    private Sha256 complete(long from, int height) throws IOException {
        int level = height / 8;
        long first = from >>> (8 * level);
        long tile = first / TilePath.FULL;
        int width = tile < TilePath.fullTiles(level, size) ? TilePath.FULL : TilePath.lastWidth(level, size);
        Optional<List<Sha256>> hashes = tiles.tile(level, tile, width);
        int at = (int) (first % TilePath.FULL);
        return Merkle.root(hashes.orElseThrow(Subtrees::missing).subList(at, at + (1 << (height % 8))));
    }

    private static StrongroomException missing() {
        return StrongroomException.of(FailureKind.CORRUPT, "a tile of the audit log is missing")
                .cure("Run \"strongroom audit verify\": it names the first entry that is wrong");
    }
}
