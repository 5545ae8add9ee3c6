package org.strongroom.sidecar.intake;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.io.DurableFiles;

/** One of the 256 folders of the spool, or of the cache. For one thread. */
final class SpoolShard {
    /** A listing is final only if the folder had not changed for so long: times of files are coarse. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private final Path folder;
    private final String prefix;
    private FileTime listed;

    SpoolShard(Path area, int number) {
        this.prefix = String.format(Locale.ROOT, "%02x", number);
        this.folder = area.resolve(prefix);
    }

    /** What is in a shard: names of sealed files, and the number of files that are none. */
    record Listing(Set<UUID> sealed, List<Path> foreign) {}

    /** What is in it, or empty if it has not changed since it was last asked. */
    Optional<Listing> changed(Instant now) throws IOException {
        FileTime modified;
        try {
            modified = Files.getLastModifiedTime(folder);
        } catch (NoSuchFileException e) {
            modified = FileTime.from(Instant.EPOCH);
        }
        if (modified.equals(listed)) {
            return Optional.empty();
        }
        Listing listing = list();
        listed = modified.toInstant().plus(SETTLING).isBefore(now) ? modified : null;
        return Optional.of(listing);
    }

    /** What was listed was not taken in: it is listed again, changed or not. */
    void forget() {
        listed = null;
    }

    private Listing list() throws IOException {
        Set<UUID> sealed = new HashSet<>();
        List<Path> foreign = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!DurableFiles.isTemporary(file)) {
                    name(file).ifPresentOrElse(sealed::add, () -> foreign.add(file));
                }
            }
        } catch (NoSuchFileException e) {
            return new Listing(sealed, foreign); // nothing ever came here
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new Listing(sealed, foreign);
    }

    private Optional<UUID> name(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            UUID uuid = UUID.fromString(name);
            return uuid.toString().equals(name) && name.startsWith(prefix) ? Optional.of(uuid) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
