package org.strongroom.plugin.storage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;

/** Sealed files that no longer open are set aside, never deleted, so that a good copy can take their place. Thread-safe. */
final class Quarantine {
    private static final Logger LOG = System.getLogger(Quarantine.class.getName());

    private final Home home;

    Quarantine(Home home) {
        this.home = home;
    }

    /** Moves every local copy of {@code attachment} out of the way. */
    void setAside(UUID attachment) throws IOException {
        DurableFiles.createDirectories(home.quarantine());
        for (Path file : new Path[] {home.spooled(attachment), home.cached(attachment), home.cachedHead(attachment)}) {
            String place = file.startsWith(home.spool()) ? "spool-" : "cache-";
            setAside(file, home.quarantine().resolve(place + file.getFileName()));
        }
    }

    private static void setAside(Path file, Path to) throws IOException {
        try {
            DurableFiles.rename(file, to);
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "no such copy to set aside", e);
        }
    }
}
