package org.strongroom.plugin.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the bytes of one file of a snapshot come from. */
@FunctionalInterface
public interface SnapshotSource {
    /**
     * Begins to read it.
     *
     * @return what ends only if it was whole; else its read throws, then or before
     */
    InputStream open() throws IOException;

    /** A file that stays as it is. */
    static SnapshotSource of(Path file) {
        return () -> Files.newInputStream(file);
    }
}
