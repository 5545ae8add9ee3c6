package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.io.FileSource;

/**
 * The files that Orthanc stored itself before Strongroom was switched on, read-only, so that years of old studies stay
 * visible. Layout of Orthanc's own file system storage: {@code ab/cd/abcd….}. Immutable, thread-safe.
 */
final class ClearFiles {
    private final Path storageDirectory;

    ClearFiles(Path storageDirectory) {
        this.storageDirectory = storageDirectory;
    }

    /** The clear file of this attachment, open; empty if there is none. The caller closes it. */
    Optional<FileSource> open(UUID attachment) throws IOException {
        try {
            return Optional.of(FileSource.open(file(attachment)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    boolean has(UUID attachment) {
        return Files.exists(file(attachment));
    }

    private Path file(UUID attachment) {
        String name = attachment.toString();
        return storageDirectory
                .resolve(name.substring(0, 2))
                .resolve(name.substring(2, 4))
                .resolve(name);
    }
}
