package org.strongroom.sidecar.audit;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where C2SP tlog-tiles puts tiles and entry bundles, relative to the log's folder. Stateless. */
final class TilePath {
    /** Hashes of a full tile, entries of a full bundle. */
    static final int FULL = 256;
    /** Tiles above this level could only be in a tree larger than any number of entries here. */
    static final int LEVELS = 8;

    private static final Pattern FULL_PATH = Pattern.compile("tile/([0-7]|entries)/((?:x[0-9]{3}/){0,4}[0-9]{3})");

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

    /** The first entry behind what a full tile or bundle covers; the last number there is for every other path. */
    static long end(String path) {
        Matcher parts = FULL_PATH.matcher(path);
        if (!parts.matches()) {
            return Long.MAX_VALUE;
        }
        int level = parts.group(1).equals("entries") ? 0 : Integer.parseInt(parts.group(1));
        int shift = 8 * (level + 1);
        long index = Long.parseLong(parts.group(2).replaceAll("[x/]", ""));
        return level + 1 < LEVELS && index < Long.MAX_VALUE >>> shift ? (index + 1) << shift : Long.MAX_VALUE;
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
