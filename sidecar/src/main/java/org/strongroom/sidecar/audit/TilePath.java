package org.strongroom.sidecar.audit;

import java.util.Locale;

/** Where C2SP tlog-tiles puts tiles and entry bundles, relative to the log's folder. Stateless. */
final class TilePath {
    /** Hashes of a full tile, entries of a full bundle. */
    static final int FULL = 256;
    /** Tiles above this level could only be in a tree larger than any number of entries here. */
    static final int LEVELS = 8;

    private TilePath() {}

    /** @param width {@link #FULL}, or how many hashes a partial tile has */
    static String tile(int level, long index, int width) {
        return "tile/" + level + "/" + path(index, width);
    }

    static String entries(long index, int width) {
        return "tile/entries/" + path(index, width);
    }

    private static String path(long index, int width) {
        if (index < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException("tile " + index + ", width " + width);
        }
        StringBuilder path = new StringBuilder(digits(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, "x" + digits(rest % 1000) + "/");
        }
        return width == FULL ? path.toString() : path + ".p/" + width;
    }

    private static String digits(long number) {
        return String.format(Locale.ROOT, "%03d", number);
    }

    /** How many hashes the last tile of a level has in a tree of this size; 0 if it is full, or there is none. */
    static int lastWidth(int level, long size) {
        return (int) ((size >>> (8 * level)) % FULL);
    }

    /** How many full tiles a level has in a tree of this size. */
    static long fullTiles(int level, long size) {
        return level + 1 < LEVELS ? size >>> (8 * (level + 1)) : 0; // a long is shifted by 63 at most
    }
}
