package org.strongroom.core.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import org.strongroom.core.io.DurableFiles;

/** Files that are not what they should be are set aside, never deleted, so that a good copy can take their place. Thread-safe. */
public final class Quarantine {
    private final Home home;

    public Quarantine(Home home) {
        this.home = home;
    }

    /** Moves every local copy of {@code attachment} out of the way. */
    public void setAside(UUID attachment) throws IOException {
        setAside(home.spooled(attachment));
        setAside(home.cached(attachment));
        setAside(home.cachedHead(attachment));
    }

    /**
     * Moves one file of spool or cache out of the way, under a name of its own: what was set aside before is kept too, but the
     * same bytes only once. Does nothing if the file is gone.
     */
    public void setAside(Path file) throws IOException {
        DurableFiles.createDirectories(home.quarantine());
        String name = (file.startsWith(home.spool()) ? "spool-" : "cache-") + file.getFileName();
        try {
            Path to = home.quarantine().resolve(name);
            for (int copy = 2; Files.exists(to); copy++) {
                if (sameBytes(file, to)) {
                    Files.delete(file);
                    DurableFiles.fsyncDirectory(file.getParent());
                    return;
                }
                to = home.quarantine().resolve(name + "." + copy);
            }
            DurableFiles.rename(file, to);
        } catch (NoSuchFileException e) {
            return; // somebody else was quicker
        }
        DurableFiles.fsyncDirectory(file.getParent());
    }

    private static boolean sameBytes(Path file, Path kept) throws NoSuchFileException {
        try {
            return Files.mismatch(file, kept) < 0;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            return false; // a bad sector is no reason to leave the file where it is
        }
    }
}
