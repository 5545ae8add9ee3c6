package org.strongroom.core.home;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.io.FileSource;

/**
 * Finds the sealed bytes of an attachment on this machine. Files only ever move from spool to cache, and in the cache a
 * head is there before its whole file goes, so looking in that order misses nothing. Immutable, thread-safe.
 */
public final class SealedFiles {
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

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

    /** Makes the names durable under which an attachment is on this machine: whoever gave it one may have been killed before that. */
    public void sync(UUID attachment) throws IOException {
        for (Path file : List.of(home.spooled(attachment), home.cached(attachment))) {
            if (Files.isDirectory(file.getParent())) {
                DurableFiles.fsyncDirectory(file.getParent());
            }
        }
    }

    /**
     * Names of all whole sealed files on this machine. What is in the spool when this is called is among them, wherever it goes
     * meanwhile, and so is what is in the cache, unless it is evicted: then a tier has it.
     */
    public Set<UUID> names() throws IOException {
        Set<UUID> names = new HashSet<>();
        for (Path area : List.of(home.spool(), home.cache())) {
            try (DirectoryStream<Path> shards = Files.newDirectoryStream(area, Files::isDirectory)) {
                for (Path shard : shards) {
                    addNames(shard, names);
                }
            }
        }
        return names;
    }

    private static void addNames(Path shard, Set<UUID> names) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(shard)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (NAME.matcher(name).matches()) {
                    names.add(UUID.fromString(name));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static Optional<FileSource> open(Path file) throws IOException {
        try {
            return Optional.of(FileSource.open(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
