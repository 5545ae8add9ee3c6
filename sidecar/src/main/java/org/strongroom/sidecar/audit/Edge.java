package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.format.v1.Sha256;

/** The right edge of a growing tree: the hashes of the last tile of each level, from which its root follows. Not thread-safe. */
final class Edge {
    private final List<List<Sha256>> levels = new ArrayList<>();
    private long size;

    /** That of the empty tree. */
    Edge() {
        for (int level = 0; level < TilePath.LEVELS; level++) {
            levels.add(new ArrayList<>());
        }
    }

    /** The edge of a tree that is in tiles; empty if one of them is missing. Whether they are right, {@link #root} tells. */
    static Optional<Edge> load(Tiles tiles, long size) throws IOException {
        return load(tiles, size, size);
    }

    /** The edge that the tree had when it was smaller, from the tiles of a tree of {@code now} entries. */
    static Optional<Edge> load(Tiles tiles, long size, long now) throws IOException {
        Edge edge = new Edge();
        for (int level = 0; level < TilePath.LEVELS; level++) {
            int width = TilePath.lastWidth(level, size);
            if (width > 0) {
                long index = TilePath.fullTiles(level, size);
                boolean full = index < TilePath.fullTiles(level, now);
                Optional<List<Sha256>> hashes =
                        tiles.tile(level, index, full ? TilePath.FULL : TilePath.lastWidth(level, now));
                if (hashes.isEmpty()) {
                    return Optional.empty();
                }
                edge.levels.get(level).addAll(hashes.get().subList(0, width));
            }
        }
        edge.size = size;
        return Optional.of(edge);
    }

    /** Told of every tile that becomes full. */
    @FunctionalInterface
    interface Filled {
        void tile(int level, long index, List<Sha256> hashes) throws IOException;
    }

    void add(Sha256 leaf, Filled filled) throws IOException {
        size++;
        Sha256 hash = leaf;
        for (int level = 0; level < TilePath.LEVELS; level++) {
            List<Sha256> hashes = levels.get(level);
            hashes.add(hash);
            if (hashes.size() < TilePath.FULL) {
                return;
            }
            filled.tile(level, TilePath.fullTiles(level, size) - 1, hashes);
            hash = Merkle.root(hashes);
            hashes.clear();
        }
        throw new IllegalStateException("more entries than anybody can record");
    }

    long size() {
        return size;
    }

    /** The hashes of the last tile of a level, if it is not full. */
    List<Sha256> hashes(int level) {
        return List.copyOf(levels.get(level));
    }

    Sha256 root() {
        Sha256 right = null;
        for (int level = 0; level < TilePath.LEVELS; level++) {
            List<Sha256> hashes = levels.get(level);
            int end = hashes.size();
            // The smallest complete subtree stands rightmost: fold from there.
            for (int width = 1; end > 0; width *= 2) {
                if ((end & width) != 0) {
                    Sha256 left = Merkle.root(hashes.subList(end - width, end));
                    right = right == null ? left : Merkle.node(left, right);
                    end -= width;
                }
            }
        }
        return right == null ? Merkle.empty() : right;
    }
}
