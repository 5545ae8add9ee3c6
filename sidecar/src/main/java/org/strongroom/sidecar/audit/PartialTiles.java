package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.strongroom.core.format.v1.Sha256;

/**
 * The partial tiles of one level of a log, or its partial bundles. Each new checkpoint has a wider one written, and whoever reads by the checkpoint before
 * needs the narrower one for a while yet. For one thread.
 */
final class PartialTiles {
    /** So long after a checkpoint nobody reads by the one before it any more. */
    static final Duration READERS = Duration.ofMinutes(1);

    /** Instead of a level's number. */
    private static final int ENTRIES = -1;

    private static final Pattern WIDTH = Pattern.compile("[1-9][0-9]{0,2}");

    private final Path log;
    private final int level;
    private final long index;
    private final int width;

    private PartialTiles(Path log, int level, long size) {
        this.log = log;
        this.level = level;
        this.index = TilePath.fullTiles(Math.max(level, 0), size);
        this.width = TilePath.lastWidth(Math.max(level, 0), size);
    }

    private static List<PartialTiles> all(Path log, long size) {
        return Stream.iterate(ENTRIES, level -> level + 1)
                .limit(1L + TilePath.LEVELS)
                .map(level -> new PartialTiles(log, level, size))
                .toList();
    }

    /** Deletes what nobody reads any more, and what a kill left of a checkpoint that was not signed. For the log's writer. */
    static void tidy(Path log, long size, Instant now) throws IOException {
        for (PartialTiles level : all(log, size)) {
            level.dropOfFull(now);
            level.dropNarrower(now);
        }
    }

    /**
     * The first entry that a narrower one has otherwise than the one that this checkpoint covers: each is its beginning. Which of them are still there says
     * nothing.
     *
     * @param size of the log, as its checkpoint says
     */
    static OptionalLong firstAltered(Path log, long size) throws IOException {
        OptionalLong first = OptionalLong.empty();
        for (PartialTiles level : all(log, size)) {
            OptionalLong here = level.firstAltered();
            if (here.isPresent() && (first.isEmpty() || here.getAsLong() < first.getAsLong())) {
                first = here;
            }
        }
        return first;
    }

    private void dropOfFull(Instant now) throws IOException {
        for (long full = index - 1; full >= 0 && Files.exists(partials(full)); full--) {
            if (isRead(file(full, TilePath.FULL), now)) {
                return;
            }
            AuditLog.dropPartials(file(full, TilePath.FULL));
        }
    }

    private void dropNarrower(Instant now) throws IOException {
        if (width == 0 || !Files.exists(file(index, width))) {
            return;
        }
        NavigableSet<Integer> widths = widths();
        for (int unsigned : widths.tailSet(width, false).descendingSet()) {
            Files.deleteIfExists(file(index, unsigned));
        }
        for (int narrower : widths.headSet(width)) {
            if (isRead(file(index, widths.higher(narrower)), now)) {
                return;
            }
            Files.deleteIfExists(file(index, narrower));
        }
    }

    /** Whether the checkpoint before this file came may still be in somebody's hands. */
    private static boolean isRead(Path wider, Instant now) throws IOException {
        try {
            return Files.getLastModifiedTime(wider).toInstant().plus(READERS).isAfter(now);
        } catch (NoSuchFileException e) {
            return true; // nobody knows when
        }
    }

    private OptionalLong firstAltered() throws IOException {
        Optional<byte[]> signed = width == 0 ? Optional.empty() : Tiles.file(file(index, width));
        if (signed.isPresent()) {
            for (int narrower : widths().headSet(width)) {
                byte[] beginning = beginning(signed.get(), narrower);
                Optional<byte[]> found = Tiles.file(file(index, narrower)); // it may have been taken away meanwhile
                if (found.isPresent() && !Arrays.equals(found.get(), beginning)) {
                    return OptionalLong.of(entry(Arrays.mismatch(found.get(), beginning), beginning));
                }
            }
        }
        return OptionalLong.empty();
    }

    private byte[] beginning(byte[] signed, int narrower) {
        if (level != ENTRIES) {
            return Arrays.copyOf(signed, Math.min(signed.length, narrower * Sha256.SIZE));
        }
        List<byte[]> entries = Tiles.split(signed);
        return Tiles.bundle(entries.subList(0, Math.min(narrower, entries.size())));
    }

    /** The first one that stands at this byte, or below the hash that does. */
    private long entry(int at, byte[] beginning) {
        if (level != ENTRIES) {
            return (index * TilePath.FULL + at / Sha256.SIZE) << (8 * level);
        }
        long entry = index * TilePath.FULL;
        int end = 0;
        for (byte[] one : Tiles.split(beginning)) {
            end += Short.BYTES + one.length;
            if (end > at) {
                break;
            }
            entry++;
        }
        return entry;
    }

    private NavigableSet<Integer> widths() throws IOException {
        NavigableSet<Integer> widths = new TreeSet<>();
        try (Stream<Path> files = Files.list(partials(index))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> WIDTH.matcher(name).matches())
                    .forEach(name -> widths.add(Integer.valueOf(name)));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return widths;
        }
        return widths;
    }

    private Path partials(long tile) {
        return file(tile, 1).getParent();
    }

    private Path file(long tile, int wide) {
        return log.resolve(level == ENTRIES ? TilePath.entries(tile, wide) : TilePath.tile(level, tile, wide));
    }
}
