package org.strongroom.sidecar.receipt;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from the second spool what a settled pack left there, because the disk was away then or the process was killed. For
 * one thread.
 */
final class MirrorSweep {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorSweep.class);
    private static final int SHARDS = 256;

    private final Path mirror;
    private final Predicate<UUID> settled;

    /** @param settled whether enough tiers hold a file that has left the spool */
    MirrorSweep(Path mirror, Predicate<UUID> settled) {
        this.mirror = mirror;
        this.settled = settled;
    }

    /** Looks at every file there; a mirror holds only what waits for tiers. */
    void run() throws IOException {
        for (int shard = 0; shard < SHARDS; shard++) {
            try (DirectoryStream<Path> folder =
                    Files.newDirectoryStream(mirror.resolve(String.format(Locale.ROOT, "%02x", shard)))) {
                for (Path file : folder) {
                    if (attachment(file).filter(settled).isPresent()) {
                        Files.deleteIfExists(file);
                    }
                }
            } catch (NoSuchFileException e) {
                LOG.trace("nothing ever came to shard {} of the mirror", shard);
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
    }

    private static Optional<UUID> attachment(Path file) {
        String name = file.getFileName().toString();
        try {
            return Optional.of(UUID.fromString(name))
                    .filter(uuid -> uuid.toString().equals(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // somebody else's, or half written
        }
    }
}
