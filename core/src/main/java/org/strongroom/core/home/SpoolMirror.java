package org.strongroom.core.home;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.io.FileSource;

/** The second disk: what the spool has lost, or what no longer opens there, comes back from it. Thread-safe. */
public final class SpoolMirror {
    private final Home home;
    private final Optional<Path> folder;

    /** @param folder {@code Strongroom.SpoolMirror}; empty if there is no second disk */
    public SpoolMirror(Home home, Optional<Path> folder) {
        this.home = home;
        this.folder = folder;
    }

    /** The mirror's copy, open; empty if it has none. The caller closes it. */
    public Optional<FileSource> open(UUID attachment) throws IOException {
        try {
            return folder.isEmpty()
                    ? Optional.empty()
                    : Optional.of(FileSource.open(Home.sharded(folder.get(), attachment)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Puts the mirror's copy into the spool, durably; false if it has none. */
    public boolean restore(UUID attachment) throws IOException {
        if (folder.isEmpty()) {
            return false;
        }
        Path target = home.spooled(attachment);
        try (FileChannel copy = FileChannel.open(Home.sharded(folder.get(), attachment), StandardOpenOption.READ)) {
            DurableFiles.createDirectories(target.getParent());
            DurableFiles.write(target, channel -> transfer(copy, channel));
            return true;
        } catch (NoSuchFileException e) {
            return false; // never there, or received by every tier meanwhile
        }
    }

    /** Content that is the same bytes as {@code file}: sealing twice would give two different files of one name. */
    public static DurableFiles.Content copyOf(Path file) {
        return target -> {
            try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
                transfer(source, target);
            }
        };
    }

    private static void transfer(FileChannel source, FileChannel target) throws IOException {
        long size = source.size();
        for (long done = 0; done < size; ) {
            long count = source.transferTo(done, size - done, target);
            if (count == 0) {
                throw new EOFException("a sealed file became shorter while it was copied");
            }
            done += count;
        }
    }
}
