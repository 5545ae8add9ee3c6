package org.strongroom.core.home;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.io.FileSource;

/**
 * Finds the sealed bytes of an attachment on this machine. Files only ever move from spool to cache, and in the cache a
 * head is durable before its whole file goes, so looking in that order misses nothing. Immutable, thread-safe.
 */
public final class SealedFiles {
    private final Home home;

    public SealedFiles(Home home) {
        this.home = home;
    }

    /** The whole sealed file, open; empty if it is not on this machine. The caller closes it. */
    public Optional<FileSource> whole(UUID attachment) throws IOException {
        Optional<FileSource> spooled = open(home.spooled(attachment));
        return spooled.isPresent() ? spooled : open(home.cached(attachment));
    }

    /** The head piece of an evicted attachment, open; empty if there is none. The caller closes it. */
    public Optional<FileSource> head(UUID attachment) throws IOException {
        return open(home.cachedHead(attachment));
    }

    private static Optional<FileSource> open(Path file) throws IOException {
        try {
            return Optional.of(FileSource.open(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
