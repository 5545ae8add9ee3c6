package org.strongroom.sidecar.purge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.home.Home;

/** Unlinks what this machine has of a sealed file. What is in quarantine stays until somebody has decided. Thread-safe. */
public final class LocalFiles {
    private final Home home;
    private final Optional<Path> mirror;

    /** @param mirror the folder on a second disk, if there is one */
    public LocalFiles(Home home, Optional<Path> mirror) {
        this.home = home;
        this.mirror = mirror;
    }

    /** Whether the caller may is the caller's to know. */
    public void remove(UUID uuid) throws IOException {
        List<Path> paths = new ArrayList<>(List.of(home.spooled(uuid), home.cached(uuid), home.cachedHead(uuid)));
        mirror.ifPresent(folder -> paths.add(Home.sharded(folder, uuid)));
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
