package org.strongroom.sidecar.intake;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.time.RunningTime;

/**
 * Removes what a kill left half written in spool, cache and mirror. Nobody says who writes such a file, so one goes only when it has
 * been the same, to the byte and the moment, for an hour that this process has watched. For one thread.
 */
public final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final int SHARDS = 256;
    private static final Duration UNTOUCHED = Duration.ofHours(1);
    /** Between two listings of everything: a whole cache may be millions of files. */
    private static final Duration LISTING = Duration.ofDays(1);

    private final List<Path> areas;
    private final RunningTime time;
    private final Map<Path, Seen> seen = new HashMap<>();
    private Duration nextListing;

    /** @param areas folders of 256 folders each */
    public Leftovers(List<Path> areas, RunningTime time) {
        this.areas = List.copyOf(areas);
        this.time = time;
        this.nextListing = time.now();
    }

    private record State(long bytes, FileTime modified) {
        static State of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(now.size(), now.lastModifiedTime());
        }
    }

    private record Seen(State state, Duration at) {}

    /** One look. To be called every hour or so. */
    public void look() throws IOException {
        Duration now = time.now();
        for (Path file : List.copyOf(seen.keySet())) {
            judge(file, now);
        }
        if (now.compareTo(nextListing) >= 0) {
            nextListing = now.plus(LISTING);
            for (Path area : areas) {
                for (int shard = 0; shard < SHARDS; shard++) {
                    list(area.resolve(String.format(Locale.ROOT, "%02x", shard)), now);
                }
            }
        }
    }

    private void judge(Path file, Duration now) throws IOException {
        try {
            State state = State.of(file);
            Seen before = seen.get(file);
            if (!state.equals(before.state())) {
                seen.put(file, new Seen(state, now));
            } else if (now.minus(before.at()).compareTo(UNTOUCHED) >= 0) {
                Files.deleteIfExists(file);
                seen.remove(file);
                LOG.info("removed {}, which was never finished", file.getFileName());
            }
        } catch (NoSuchFileException e) {
            seen.remove(file); // its writer renamed or removed it
        }
    }

    private void list(Path folder, Duration now) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, DurableFiles::isTemporary)) {
            for (Path file : files) {
                if (!seen.containsKey(file)) {
                    note(file, now);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.trace("nothing ever came to {}", folder);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void note(Path file, Duration now) throws IOException {
        try {
            seen.put(file, new Seen(State.of(file), now));
        } catch (NoSuchFileException e) {
            LOG.trace("{} was just finished", file);
        }
    }
}
